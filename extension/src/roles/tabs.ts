import type { SwitcherChoices } from "../messaging/view.ts";

export interface Tab {
  readonly id?: number | undefined;
}

/** The parts of the browser that are needed here. What only one browser has, or no permission was given for, is absent. */
export interface TabsApi {
  create(tab: { url: string; cookieStoreId?: string }): Promise<Tab>;
  /** Firefox alone has them. */
  readonly containers?: () => ContainersApi | undefined;
  /** With the permission `tabGroups`. */
  readonly groups?: () => GroupsApi | undefined;
}

export interface ContainersApi {
  query(details: { name: string }): Promise<readonly { cookieStoreId: string }[]>;
  create(details: { name: string; color: string; icon: string }): Promise<{ cookieStoreId: string }>;
}

export interface GroupsApi {
  query(details: { title: string }): Promise<readonly { id: number }[]>;
  /** Into a group, or into a new one. @returns the group */
  put(tab: number, group?: number): Promise<number>;
  update(group: number, details: { title: string; color: string }): Promise<unknown>;
}

export interface ConsoleTab {
  readonly url: string;
  /** How the user calls the account. */
  readonly account: string;
  readonly isProd: boolean;
  /** The container of the one who opens it; undefined where it is none. */
  readonly container?: string | undefined;
}

/**
 * [SW12] Opens a console where the user has chosen to have it. A container or a group that the browser does not give is no
 * reason not to open.
 */
export async function openConsoleTab(
  tabs: TabsApi,
  { url, account, isProd, container }: ConsoleTab,
  choices: SwitcherChoices,
): Promise<void> {
  const containers = choices.containers ? tabs.containers?.() : undefined;
  const ofAccount = containers && (await containerOf(containers, account, isProd));
  const cookieStoreId = ofAccount ?? container;
  const tab = await tabs.create(cookieStoreId ? { url, cookieStoreId } : { url });
  const groups = choices.groups ? tabs.groups?.() : undefined;
  if (groups && tab.id !== undefined) await intoGroup(groups, tab.id, account, isProd).catch(() => undefined);
}

async function containerOf(
  containers: ContainersApi,
  name: string,
  isProd: boolean,
): Promise<string | undefined> {
  try {
    const [known] = await containers.query({ name });
    const made =
      known ?? (await containers.create({ name, color: isProd ? "red" : "blue", icon: "briefcase" }));
    return made.cookieStoreId;
  } catch {
    return undefined;
  }
}

async function intoGroup(groups: GroupsApi, tab: number, title: string, isProd: boolean): Promise<void> {
  const [known] = await groups.query({ title });
  const group = await groups.put(tab, known?.id);
  if (!known) await groups.update(group, { title, color: isProd ? "red" : "blue" });
}
