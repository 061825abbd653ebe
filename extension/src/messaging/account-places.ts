import type { AccountId } from "@jcfetch/shared/domain/ids";
import { ok, type Result } from "@jcfetch/shared/result";
import { placeOf } from "../roles/environment.ts";
import type { AccountMark } from "./page-messages.ts";
import type { ProblemCode } from "./problems.ts";
import type { Services } from "./services.ts";

type Mark = Pick<AccountMark, "account" | "label" | "environment">;

/** What an account is called, and whether it is one of production. AWS is asked where the list is not known yet. */
export async function accountPlace(
  { directories, places }: Pick<Services, "directories" | "places">,
  portal: string,
  account: AccountId,
  tabId?: number,
): Promise<Result<{ name: string | null; isProd: boolean }, ProblemCode>> {
  const found = await directories.known(portal, account, tabId);
  if (!found.ok) return found;
  const facts = found.value ?? { id: account, name: null };
  return ok({ name: facts.name, isProd: (await places.placeOf(facts)).environment === "prod" });
}

/** Label and environment of accounts, as far as they are known. */
export async function knownMarks(
  { directories, places }: Pick<Services, "directories" | "places">,
  portal: string,
  accounts: readonly AccountId[],
): Promise<Mark[]> {
  const byId = new Map((await directories.accounts(portal)).map((one) => [one.id as string, one]));
  const labels = (await places.labels())[portal] ?? {};
  const { managed, own } = await places.rules();
  const rules = [...managed, ...own];
  return accounts.map((account) => {
    const { environment } = placeOf(byId.get(account) ?? { id: account, name: null }, rules);
    return { account, label: labels[account] ?? null, environment };
  });
}
