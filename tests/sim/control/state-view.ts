import type { Parts } from "../parts.ts";

/** What `/__sim/state` shows: who is where, and nothing that opens anything. */
export function stateOf({ world, faults }: Parts) {
  return {
    nowMs: world.clock.nowMs(),
    clockOffsetMs: world.clockOffsetMs,
    directories: [...world.directories.values()].map(({ spec, portal, startUrl, refreshRotation }) => ({
      name: spec.name,
      id: spec.id,
      region: spec.region,
      startUrl,
      accounts: spec.accounts.length,
      refreshRotation,
      portal,
    })),
    users: [...world.users.values()].map(({ name, email, push }) => ({ name, email, push })),
    portalSessions: world.sessions.all.map((session) => ({
      user: session.user.name,
      directory: session.directory.spec.name,
      expiresAtMs: session.expiresAtMs,
      live: world.sessions.isLive(session),
    })),
    jumpcloudSessions: world.jumpcloud.sessions
      .filter(({ user }) => user !== undefined)
      .map(({ user, lastSeenMs }) => ({ user: user?.name, lastSeenMs })),
    pendingPushes: world.jumpcloud
      .pendingPushes()
      .map(({ user, expiresAtMs }) => ({ user: user.name, expiresAtMs })),
    issuedCredentials: world.credentials.all.map(({ accountId, role, user, expiresAtMs }) => ({
      accountId,
      role: role.name,
      user: user.name,
      expiresAtMs,
    })),
    faults: faults.list(),
    rateLimit: faults.rateLimit ?? null,
    unknownCalls: world.unknownCalls,
  };
}
