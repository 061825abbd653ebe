/** One call that reached the world. Holds no secret: no headers, no body, no query but account and role. */
export interface Call {
  readonly operation: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly atMs: number;
  readonly userAgent: string;
  readonly accountId?: string;
  readonly roleName?: string;
}

export class CallLog {
  readonly all: Call[] = [];

  record(operation: string, request: Request, atMs: number): void {
    const url = new URL(request.url);
    const accountId = url.searchParams.get("account_id");
    const roleName = url.searchParams.get("role_name");
    this.all.push({
      operation,
      host: url.host,
      method: request.method,
      path: url.pathname,
      atMs,
      userAgent: request.headers.get("user-agent") ?? "",
      ...(accountId ? { accountId } : {}),
      ...(roleName ? { roleName } : {}),
    });
  }

  count(operation: string): number {
    return this.all.filter((call) => call.operation === operation).length;
  }

  totals(): Record<string, number> {
    const totals: Record<string, number> = {};
    for (const { operation } of this.all) totals[operation] = (totals[operation] ?? 0) + 1;
    return totals;
  }
}
