// One flow by the client that openapi-typescript generates from the document: its types are those of the API, so that a wrong field does not compile.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[]; exitCode?: number };

const [, , address, key] = process.argv;
const client = createClient<paths>({ baseUrl: address!, headers: { "X-Api-Key": key! } });

function expect<T>(what: string, answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  if (answer.response.status !== status || answer.data === undefined)
    throw new Error(`${what}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const made = expect("make a key", await client.POST("/api/v1/api-keys", { body: { name: "generated client", role: "editor" } }), 201);
const id = made.data.key.id;

const page = expect("list the keys", await client.GET("/api/v1/api-keys", { params: { query: { name: "generated client", limit: 10 } } }), 200);
if (page.data.length !== 1 || page.metadata.page.total !== 1) throw new Error(`the list: ${JSON.stringify(page)}`);

const asked = expect(
  "ask for media",
  await client.POST("/api/v1/media/query", { body: { where: { or: [{ field: "type", op: "eq", value: "image" }, { not: { field: "tags", op: "any", value: ["sea"] } }] }, limit: 5 } }),
  200);
const titles: (string | null)[] = asked.data.map((asset) => asset.title);

const read = expect("read the key", await client.GET("/api/v1/api-keys/{id}", { params: { path: { id } } }), 200);
const etag = `"${read.data.version}"`;
expect("revoke the key", await client.DELETE("/api/v1/api-keys/{id}", { params: { path: { id }, header: { "If-Match": etag } } }), 200);

const missing = await client.GET("/api/v1/media/{id}", { params: { path: { id } } });
const code = missing.error?.errors[0]?.code;
if (missing.response.status !== 404 || code !== "ASSET_NOT_FOUND") throw new Error(`what is not there: ${missing.response.status} ${code}`);

console.log(`done: ${titles.length} media, key ${id}`);
