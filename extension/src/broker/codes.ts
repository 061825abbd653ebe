import { decodeEnrolmentCode, type EnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { decodeSetupCode, type SetupCode } from "@jcfetch/shared/protocol/setup";

/** What one may paste where a broker is asked for: its own code, or the code of a terminal that sets all up. */
export interface BrokerCode extends EnrolmentCode {
  /** The terminal that waits for it. */
  readonly setup?: SetupCode;
}

/** [EN1] [ST1] */
export async function readBrokerCode(text: string): Promise<BrokerCode | undefined> {
  const setup = await decodeSetupCode(text);
  return setup ? { ...setup, setup } : decodeEnrolmentCode(text);
}
