import { expect, test } from "vitest";
import { regionHints } from "../../../extension/src/portal/region-hints.ts";
import { loadFixture } from "./fixtures.ts";

test("a table page names its region in the environment block, the assets and the policy; it comes once", () => {
  expect(regionHints(loadFixture("gen3"))).toEqual(["us-east-1"]);
});

test("a list page names it in the content security policy", () => {
  expect(regionHints(loadFixture("gen2"))).toEqual(["eu-west-1"]);
});

test("an old page names it in a meta element", () => {
  expect(regionHints(loadFixture("gen1"))).toEqual(["eu-west-1"]);
});

test("[EX5] sources that disagree come in the order of their reliability", () => {
  const document = loadFixture("gen3");
  document.querySelector("#env")!.textContent = '{"region":"ap-southeast-2"}';
  document
    .querySelector('meta[name="assets-base-path"]')!
    .setAttribute("content", "https://assets.sso-portal.sa-east-1.amazonaws.com/x/");
  expect(regionHints(document, ["https://portal.sso.eu-north-1.amazonaws.com/token/whoAmI"])).toEqual([
    "ap-southeast-2",
    "sa-east-1",
    "us-east-1",
    "eu-north-1",
  ]);
});

test("addresses the page has loaded name it when nothing else does", () => {
  const loaded = ["https://acme.awsapps.com/start", "https://portal.sso.cn-north-1.amazonaws.com.cn/user"];
  expect(regionHints(document(), loaded)).toEqual(["cn-north-1"]);
});

test("a broken environment block and text that is no region give nothing", () => {
  const page = document();
  page.body.innerHTML = '<script id="env" type="application/json">{"region":</script>';
  expect(regionHints(page)).toEqual([]);
  page.querySelector("#env")!.textContent = '{"region":"x.evil.example/"}';
  expect(regionHints(page)).toEqual([]);
});

function document(): Document {
  const page = loadFixture("gen1");
  page.head.replaceChildren();
  return page;
}
