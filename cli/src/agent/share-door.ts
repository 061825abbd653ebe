import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import type { Failure } from "../exit.ts";
import type { Agent } from "./agent.ts";
import type { Answering } from "./connection.ts";
import { answered, httpRefusal } from "./http.ts";
import type { Telling } from "./ports.ts";
import { type ReadShareRequest, readHttp, readRequest } from "./requests.ts";
import { ended, notAmongThem, notUnderstoodHere, onlyCredentials } from "./share-refusals.ts";
import type { AgentAnswer } from "./wire.ts";

/** What a share gives, at the moment of a request. */
export interface ShareTerms {
  readonly roles: ReadShareRequest["roles"];
  readonly isOver: boolean;
}

interface Want {
  readonly account: AccountId;
  readonly role: RoleName;
}

/**
 * [AG19] Behind a shared socket: credentials of its roles, for programs without a person. Where a role comes from, who asks,
 * from which program and which folder, is not believed: all that counts of a request is the role's name and the least life.
 */
export function atShare(agent: Pick<Agent, "credentials">, termsNow: () => ShareTerms): Answering {
  const give = async (want: Want, minTtlMs: number | undefined, taken: () => void): Promise<AgentAnswer> => {
    const { roles, isOver } = termsNow();
    if (isOver) return refused(ended);
    const found = roles.find(({ account, role }) => account === want.account && role === want.role);
    if (!found) return refused(notAmongThem(want));
    const telling: Telling = { taken, voice: { show() {}, done() {} } };
    const { source } = found;
    return agent.credentials(
      { source, want, minTtlMs, caller: { interactive: false }, shared: true },
      telling,
    );
  };
  return {
    async line(line, say) {
      const request = readRequest(line);
      if (!request) return refused(notUnderstoodHere);
      if (request.op !== "credentials") return refused(onlyCredentials);
      const { account, role, minTtlMs } = request;
      return give({ account, role }, minTtlMs, () => say({ event: "taken" }));
    },
    async http(head) {
      const request = readHttp(head);
      if (typeof request === "number") return httpRefusal(request);
      const { account, role } = request;
      return answered(request, await give({ account, role }, undefined, () => {}));
    },
  };
}

const refused = (failure: Failure): AgentAnswer => ({ answer: "failure", failure });
