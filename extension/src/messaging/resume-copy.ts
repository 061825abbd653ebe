import type { AccountId } from "@jcfetch/shared/domain/ids";
import { copyCredentials } from "../roles/copy-credentials.ts";
import { accountPlace } from "./account-places.ts";
import type { Services } from "./services.ts";

/** What a role's account is called: by the user, else by AWS, else its number. */
export async function accountTitle(
  { places, directories }: Pick<Services, "places" | "directories">,
  portal: string,
  account: string,
): Promise<string> {
  return (await places.label(portal, account)) ?? (await directories.accountName(portal, account)) ?? account;
}

export async function isProd(
  { places, directories }: Pick<Services, "places" | "directories">,
  portal: string,
  account: string,
): Promise<boolean> {
  const facts = (await directories.account(portal, account)) ?? { id: account, name: null };
  return (await places.placeOf(facts)).environment === "prod";
}

/**
 * [SW9] A session has begun: what it stood in the way of is tried again, the copy that waited for it goes on, and the user is
 * told. A role of production asks first.
 */
export async function resumeCopy(services: Services, portal: string): Promise<void> {
  const { sessions, directories, waiting, signIns, announcer, notify, showIcon } = services;
  directories.retry(portal);
  await signIns.ended();
  const mayBeProd = async ({ account }: { account: AccountId }): Promise<boolean> => {
    const place = await accountPlace(services, portal, account); // of an account in no list AWS is asked
    return !place.ok || place.value.isProd;
  };
  const { owner } = await sessions.session(portal);
  const wish = owner === null ? undefined : await waiting.due({ portal, owner }, mayBeProd);
  const named = async ({ account, role }: { account: string; role: string }): Promise<string> =>
    `${role} · ${await accountTitle(services, portal, account)}`;
  if (wish && owner !== null) {
    const done = await copyCredentials(services, { ...wish, owner, from: "popup" });
    const isOver = !done.ok && (done.error === "signed-out" || done.error === "sso-expired");
    await waiting.made(wish, isOver);
    if (done.ok) announcer.resumed(await named(wish));
    else if (!isOver) announcer.notResumed(await named(wish));
  } else {
    const asks = await waiting.current();
    if (asks?.asks && asks.portal === portal) announcer.resumeAsks(await named(asks), await mayBeProd(asks));
  }
  showIcon();
  notify("state");
}

/** [SW9] Whatever has woken the background: the one before may have been stopped between the sign-in and the copy. */
export async function goOnCopy(services: Services): Promise<void> {
  const { waiting, sessions } = services;
  const wish = await waiting.current();
  if (wish && !wish.asks && (await sessions.access(wish.portal)).ok) await resumeCopy(services, wish.portal);
}
