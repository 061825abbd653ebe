import type { AccountId } from "@jcfetch/shared/domain/ids";
import { knownMarks } from "./account-places.ts";
import type { AccountMark } from "./page-messages.ts";
import type { Services } from "./services.ts";

/**
 * [PB4] What the page may show beside these accounts: what the user calls one, what kind of place it is, and the copied
 * credentials of it that live longest. An account of which there is nothing to say is left out.
 */
export async function marksOf(
  services: Pick<Services, "copies" | "directories" | "places">,
  portal: string,
  accounts: readonly AccountId[],
): Promise<AccountMark[]> {
  const live = (await services.copies.live()).filter((copy) => copy.portal === portal);
  const known = await knownMarks(services, portal, accounts);
  return known.flatMap(({ account, label, environment }) => {
    const [last] = live
      .filter((copy) => copy.account === account)
      .sort((a, b) => b.expiresAtMs - a.expiresAtMs);
    const mark = {
      ...{ account, label, environment },
      copiedAtMs: last?.copiedAtMs ?? null,
      expiresAtMs: last?.expiresAtMs ?? null,
    };
    return label === null && environment === null && !last ? [] : [mark];
  });
}
