import type { DeviceKeys } from "@jcfetch/shared/authority";
import { decide, preview } from "@jcfetch/shared/protocol/policy";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, toMs, toSeconds } from "@jcfetch/shared/time";
import type * as v from "valibot";
import { problem } from "../messaging/problems.ts";
import type { PairingPreview, PairingTerms } from "../messaging/terms.ts";
import type { Problem } from "../messaging/view.ts";
import type { Directories } from "../roles/directory.ts";
import type { Access } from "../sessions/access.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import type { Connection } from "./broker.ts";
import type { Device } from "./device-list.ts";
import type { Terminal } from "./pair-talk.ts";
import { type Terms, termsOf } from "./policy.ts";

export interface GrantPorts {
  readonly sessions: PortalSessions;
  readonly directories: Pick<Directories, "view">;
  readonly now: Clock;
}

/** What the documents' schemas let through; more would be refused by the terminal. */
const MAX_GRANT_CHARS = 8_192 - 16;

/** Turns what the user chose into what is signed, and shows before what that will open. */
export class Grants {
  readonly #ports: GrantPorts;

  constructor(ports: GrantPorts) {
    this.#ports = ports;
  }

  /** [PO4] Computed from the very terms that `sign` will sign. */
  async preview(chosen: PairingTerms): Promise<Result<PairingPreview, Problem>> {
    const terms = await this.#terms(chosen);
    return terms.ok ? ok(await this.#opens(chosen, terms.value)) : terms;
  }

  /** The device as it will stand in our list. A grant that opens nothing is not signed. */
  async sign(
    { authority }: Connection,
    terminal: v.InferOutput<typeof Terminal>,
    chosen: PairingTerms,
  ): Promise<Result<Device, Problem>> {
    const terms = await this.#terms(chosen);
    if (!terms.ok) return terms;
    const { modes, policy, access } = terms.value;
    const ticked = chosen.roles.some((role) => decide(terms.value, role).access === "allowed");
    if (!ticked && (await this.#opens(chosen, terms.value)).opens.length === 0) {
      return err(problem("opens-nothing"));
    }
    const now = this.#ports.now();
    const expiresAtMs = now + toMs(chosen.lifetimeSeconds);
    const keys: DeviceKeys = terminal;
    const { name } = chosen;
    const grant = await authority.signGrant(keys, { name, modes, policy, expiresAt: toSeconds(expiresAtMs) });
    if (grant.length > MAX_GRANT_CHARS) return err(problem("too-many-roles"));
    const { host, osUser, os, ssh } = terminal.info;
    const described = { name, host, osUser, os, ssh, portal: access.portal.origin, owner: access.owner };
    return ok({ ...described, did: terminal.did, grant, pairedAtMs: now, expiresAtMs, seq: 0 });
  }

  async #terms(chosen: PairingTerms): Promise<Result<Terms & { access: Access }, Problem>> {
    const access = await this.#ports.sessions.access(chosen.portal);
    if (!access.ok) return err(problem(access.error));
    const terms = termsOf(access.value.portal, chosen);
    return terms.ok ? ok({ ...terms.value, access: access.value }) : err(problem(terms.error));
  }

  async #opens({ portal, roles: ticked }: PairingTerms, terms: Terms): Promise<PairingPreview> {
    const { accounts, roles, complete } = await this.#ports.directories.view(portal);
    const listed = accounts.flatMap(({ id: account }) =>
      (roles[account] ?? []).map((role) => ({ account, role }) as RoleOf),
    );
    const isListed = ({ account, role }: RoleOf): boolean => roles[account]?.includes(role) ?? false;
    const known = [...listed, ...ticked.filter((one) => !isListed(one))];
    const opens = preview(terms, known).flatMap(({ role, decision }) =>
      decision.access === "allowed" ? [{ ...role, mode: decision.mode, asks: decision.asks }] : [],
    );
    return { opens, known: known.length, complete };
  }
}

type RoleOf = Pick<PairingPreview["opens"][number], "account" | "role">;
