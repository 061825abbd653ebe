import { expect, it } from "vitest";
import { LOAD_BARS, rssDrift } from "../../bench/load/print.ts";
import { FETCHES, type LoadFigures, load, MIXED } from "../../bench/load/run.ts";
import { count, isFull, measured, scale } from "./scale.ts";

const errorsOf = ({ errors, opened }: LoadFigures): unknown => ({ errors, unread: opened.of - opened.good });
const NONE = { errors: {}, unread: 0 };

/*
 * How fast is for bench/ to say, and for a machine that does nothing else. That nothing is refused or lost under load, and
 * that memory stays, holds anywhere.
 */

it("D-20: many users at once are served without one error, in memory that stays", async (context) => {
  const users = scale(40, 1_000);
  const rate = scale(40, LOAD_BARS.perSecond);
  const figures = await load({ users, seconds: scale(8, 600), rate, mix: MIXED });
  expect(errorsOf(figures)).toEqual(NONE);
  expect(figures.opened.good).toBeGreaterThan(0);
  if (isFull()) {
    expect(Math.abs(rssDrift(figures))).toBeLessThanOrEqual(LOAD_BARS.rssDrift);
    expect(figures.perSecond).toBeGreaterThanOrEqual(0.99 * rate);
    expect(figures.fetch.p99 - figures.direct.p99).toBeLessThanOrEqual(LOAD_BARS.p99OverheadMs);
  }
  measured(context, `${count(users)} users, ${count(figures.requests)} requests, ${summary(figures)}`);
});

it("D-20: one user's terminals are served at 150 a second until their minute is full", async (context) => {
  const figures = await load({
    users: 16,
    seconds: scale(2, 7),
    rate: scale(40, 150),
    mix: FETCHES,
    sameUser: true,
  });
  expect(errorsOf(figures)).toEqual(NONE);
  measured(context, `${count(figures.requests)} requests, ${summary(figures)}`);
});

const summary = ({ perSecond, fetch, direct, brokerCpuMs, rss }: LoadFigures): string =>
  `${perSecond.toFixed(0)}/s, p50 ${fetch.p50.toFixed(0)} ms, p99 ${fetch.p99.toFixed(0)} ms ` +
  `(AWS ${direct.p50.toFixed(0)} and ${direct.p99.toFixed(0)} ms), ${brokerCpuMs.toFixed(1)} ms of processor each, ` +
  `${rss.at(-1)?.toFixed(0) ?? "?"} MiB`;
