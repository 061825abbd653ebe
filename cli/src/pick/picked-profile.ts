import { err, ok, type Result } from "@jcfetch/shared/result";
import { findProfile, type Profile } from "../config/profiles.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { choices } from "./choices.ts";
import { canPick, pick } from "./picker.ts";

/** [CF6] Where no profile was named. @returns `undefined` where nobody can choose, or nothing is there to choose from. */
export async function pickedProfile(host: Host): Promise<Result<Profile, Failure> | undefined> {
  if (!canPick(host)) return undefined;
  const all = await choices(host);
  if (!all.ok) return err(all.error);
  const [first, ...others] = all.value;
  if (first === undefined) return undefined;
  const picked = others.length === 0 ? ok(first) : await pick(host, all.value);
  return picked.ok ? findProfile(host, picked.value.name) : picked;
}
