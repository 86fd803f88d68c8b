// The other side of a shared Redis: a Node program that stores and reads values with msgpackr.
//
// Started as `node peer.mjs PORT`. Each line on stdin is a request in JSON, each line on stdout its answer:
//   {"do": "write", "key": KEY, "value": TAGGED, "packr": {...}, "compress": true}  ->  {"hex": WHAT WAS STORED}
//   {"do": "read",  "key": KEY, "unpackr": {...}, "compress": true}                 ->  {"value": TAGGED}
// and {"error": MESSAGE} where it fails. A TAGGED value is [type, content], so that what JSON cannot say arrives.

import { createInterface } from "node:readline";
import { connect } from "node:net";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { pack, unpack, Packr, Unpackr } from "msgpackr";

const fromTagged = ([type, content]) => {
  switch (type) {
    case "undefined": return undefined;
    case "null": return null;
    case "boolean": case "string": return content;
    case "number": return Number(content);
    case "bigint": return BigInt(content);
    case "date": return new Date(content);
    case "binary": return Buffer.from(content, "hex");
    case "array": return content.map(fromTagged);
    case "object": return Object.fromEntries(content.map(([name, value]) => [name, fromTagged(value)]));
    case "map": return new Map(content.map(([name, value]) => [fromTagged(name), fromTagged(value)]));
    case "set": return new Set(content.map(fromTagged));
    default: throw new Error(`no such tag: ${type}`);
  }
};

const toTagged = (value) => {
  if (value === null) return ["null", null];
  if (value instanceof Date) return ["date", value.toISOString()];
  if (value instanceof Uint8Array) return ["binary", Buffer.from(value).toString("hex")];
  if (Array.isArray(value)) return ["array", value.map(toTagged)];
  if (value instanceof Map) return ["map", [...value].map((pair) => pair.map(toTagged))];
  if (typeof value === "object") {
    return ["object", Object.entries(value).map(([name, part]) => [name, toTagged(part)])];
  }
  if (typeof value === "number" || typeof value === "bigint") return [typeof value, String(value)];
  return [typeof value, value ?? null];
};

// One command at a time over a plain socket: enough of RESP2 to SET and GET.
class Redis {
  constructor(port) {
    this.socket = connect(port, "127.0.0.1");
    this.received = Buffer.alloc(0);
    this.socket.on("data", (data) => {
      this.received = Buffer.concat([this.received, data]);
      this.wake?.();
    });
  }

  async command(...words) {
    const parts = words.map((word) => Buffer.from(word));
    const framed = parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from("\r\n")]);
    this.socket.write(Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...framed]));
    const head = (await this.take(() => this.received.indexOf("\r\n"), 2)).toString();
    if (head[0] === "-") throw new Error(head);
    if (head[0] !== "$" || head === "$-1") return null;
    return this.take(() => (this.received.length >= Number(head.slice(1)) + 2 ? Number(head.slice(1)) : -1), 2);
  }

  async take(lengthOf, skip) {
    let length;
    while ((length = lengthOf()) < 0) await new Promise((resolve) => { this.wake = resolve; });
    const taken = this.received.subarray(0, length);
    this.received = this.received.subarray(length + skip);
    return taken;
  }
}

const COMPRESSED = Buffer.from([1]);

const answers = {
  async write(redis, request) {
    const packed = (request.packr ? new Packr(request.packr) : { pack }).pack(fromTagged(request.value));
    const stored = request.compress ? Buffer.concat([COMPRESSED, brotliCompressSync(packed)]) : packed;
    await redis.command("SET", request.key, stored);
    return { hex: Buffer.from(stored).toString("hex") };
  },
  async read(redis, request) {
    const stored = await redis.command("GET", request.key);
    const packed = request.compress ? brotliDecompressSync(stored.subarray(1)) : stored;
    return { value: toTagged((request.unpackr ? new Unpackr(request.unpackr) : { unpack }).unpack(packed)) };
  },
};

const redis = new Redis(Number(process.argv[2]));
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = await answers[request.do](redis, request).catch((error) => ({ error: String(error) }));
  process.stdout.write(JSON.stringify(answer) + "\n");
}
redis.socket.destroy();
