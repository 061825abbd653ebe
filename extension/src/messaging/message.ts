import type * as v from "valibot";

/**
 * `page`: the content script in the top frame of a recognized portal. `ui`: the extension's own pages.
 */
export type SenderClass = "page" | "ui";

export interface Message<
  Req extends v.GenericSchema = v.GenericSchema,
  Res extends v.GenericSchema = v.GenericSchema,
> {
  readonly verb: string;
  readonly from: readonly SenderClass[];
  readonly request: Req;
  readonly response: Res;
}

/* @__NO_SIDE_EFFECTS__ */
export function message<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  verb: string,
  from: readonly SenderClass[],
  request: Req,
  response: Res,
): Message<Req, Res> {
  return { verb, from, request, response };
}
