import { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { emptyPlan, type ImportedRole, type ImportPlan, type Skipped, shown } from "./plan.ts";

const Custom = v.object({
  favorite: v.nullish(v.boolean()),
  label: v.nullish(v.string()),
});
const AppProfile = v.object({
  profile: v.object({ id: v.string(), name: RoleName }),
  searchMetadata: v.object({ AccountId }),
});
const Profiles = v.record(v.string(), v.unknown());

/** What it exports (`user`), and what it keeps (`users`, `appProfiles`). */
export const SsoExtender = v.union([
  v.object({ user: v.object({ profiles: Profiles }), appProfiles: v.nullish(v.array(v.unknown())) }),
  v.object({
    users: v.array(v.object({ custom: v.object({ profiles: Profiles }) })),
    appProfiles: v.nullish(v.array(v.unknown())),
  }),
]);

/** Its own id of a profile → account and role. */
function rolesById(appProfiles: readonly unknown[]): Map<string, Omit<ImportedRole, "portal">> {
  return new Map(
    appProfiles.flatMap((raw) => {
      const read = v.safeParse(AppProfile, raw);
      if (!read.success) return [];
      const { profile, searchMetadata } = read.output;
      return [[profile.id, { account: searchMetadata.AccountId, role: profile.name }] as const];
    }),
  );
}

/**
 * AWS SSO Extender. What it exports names roles by AWS's internal ids alone, from which no account can be read; what it keeps
 * (`appProfiles` beside `users`) has the accounts. Favorites are taken over; its labels are of roles, ours of accounts.
 * @source github.com/WTFender/aws-sso-extender, src/types.d.ts (`ExtensionData`), src/views/options.vue (`exportUser`)
 */
export function readSsoExtender(data: v.InferOutput<typeof SsoExtender>): ImportPlan {
  const byId = rolesById(data.appProfiles ?? []);
  const all = "user" in data ? [data.user.profiles] : data.users.map(({ custom }) => custom.profiles);
  const favorites: ImportedRole[] = [];
  const skipped: Skipped[] = [];
  for (const [id, raw] of all.flatMap((profiles) => Object.entries(profiles))) {
    const custom = v.safeParse(Custom, raw);
    const skip = (why: Skipped["why"], text = id): void => {
      skipped.push({ line: null, text: shown(text), why });
    };
    if (!custom.success) {
      skip("unreadable");
      continue;
    }
    const { favorite, label } = custom.output;
    const role = byId.get(id);
    if (favorite && role) favorites.push({ portal: null, ...role });
    else if (favorite) skip("internal-id");
    if (label) skip("not-used", `${id}: ${label}`);
  }
  return { ...emptyPlan("sso-extender"), favorites, skipped };
}
