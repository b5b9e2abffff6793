/// <reference lib="dom" />
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { Guest } from "../host/wapc.js";
import { timeTogether, type Timing } from "./timing.js";
import { payload } from "./workload.js";

// What the policy costs in Node's WebAssembly engine, beside parsing and writing the same object with JSON.

const KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQXOFkt4QJD4xjFPJNTvZd8UMjHfA
b7v3fW3Frmt+xyVy45oEEoobtt9xtYVIpDwU+LvMBLBk3WFyBAJakp444Q==
-----END PUBLIC KEY-----
`;
const ANSWER = Buffer.from(
  JSON.stringify({ is_trusted: true, digest: `sha256:${"a".repeat(64)}` }),
);

const options = { hostCall: () => ANSWER };
const bytes = readFileSync(process.argv[2] ?? "policy.wasm");
const module = new WebAssembly.Module(bytes);

const row = (...cells: string[]) => console.log(`| ${cells.join(" | ")} |`);
const us = ({ least, median }: Timing) => `${least.toFixed(1)} (${median.toFixed(1)})`;

console.log(`module: ${bytes.length} bytes, ${gzipSync(bytes).length} gzipped\n`);
row("step", "µs, least (median)", "beside", "µs, least (median)", "ratio");
row("---", "---", "---", "---", "---");

// V8 keeps what it has compiled by the module's bytes: a custom section that counts makes them new each time.
let count = 0;
const renewed = Buffer.concat([bytes, Buffer.from([0, 6, 1, 0x6e, 0, 0, 0, 0])]);
const [compile] = timeTogether([
  () => {
    renewed.writeUInt32LE(count++, renewed.length - 4);
    new WebAssembly.Module(renewed);
  },
]);
row("compile (functions when they are first called)", us(compile!), "", "", "");
const [instantiate] = timeTogether([() => Guest.load(module, options)]);
row("instantiate", us(instantiate!), "", "", "");

for (const [name, size] of [
  ["1 KB", 1_000],
  ["100 KB", 100_000],
  ["1 MB", 1_000_000],
] as const) {
  const { payload: request, object } = payload(size, KEY);
  const warm = Guest.load(module, options);
  const answer = JSON.parse(Buffer.from(warm.call("validate", request)).toString());
  if (!answer.accepted || !answer.mutated_object) throw new Error("the policy did not pin");
  const [inWarm, inFresh, json] = timeTogether([
    () => warm.call("validate", request),
    () => Guest.load(module, options).call("validate", request),
    () => JSON.stringify(JSON.parse(object)),
  ]);
  const beside = "JSON.parse + stringify of the object";
  const ratio = (timing: Timing) => `${(json!.least / timing.least).toFixed(2)} × as fast`;
  row(`validate and pin ${name}, warm`, us(inWarm!), beside, us(json!), ratio(inWarm!));
  row(`validate and pin ${name}, fresh`, us(inFresh!), beside, us(json!), ratio(inFresh!));
}
