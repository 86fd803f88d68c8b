// node-redis as a peer: reads one job per line on stdin ({"work", "count"}), prints the seconds it took.
import { createInterface } from "node:readline";
import { createClient } from "@redis/client";

const client = createClient({ url: process.argv[2] });
await client.connect();

const range = (count) => Array.from({ length: count }, (_, index) => index);

async function sequential(count, step) {
  for (let index = 0; index < count; index++) await step();
}

const get = () => client.get("user:1");
const set = () => client.set("user:2", "value");

const works = {
  "sequential GET": (count) => sequential(count, get),
  "sequential SET": (count) => sequential(count, set),
  "100 tasks of sequential GETs": (count) => Promise.all(range(100).map(() => sequential(count / 100, get))),
  "gather of 1,000 GETs": (count) => sequential(count / 1000, () => Promise.all(range(1000).map(get))),
  "pipeline of 100 SETs": (count) =>
    sequential(count / 100, () => {
      const multi = client.multi();
      for (let index = 0; index < 100; index++) multi.set(`user:${index}`, "value");
      return multi.execAsPipeline();
    }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { work, count } = JSON.parse(line);
  const started = process.hrtime.bigint();
  await works[work](count);
  console.log(Number(process.hrtime.bigint() - started) / 1e9);
}
await client.close();
