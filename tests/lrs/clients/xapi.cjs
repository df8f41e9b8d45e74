// A round trip with @xapi/xapi; prints what it saw as JSON. Arguments: endpoint, key, secret.
const { createHash, randomUUID } = require("node:crypto");
const XAPI = require("@xapi/xapi");

const [endpoint, key, secret] = process.argv.slice(2);
const agent = { objectType: "Agent", name: "Ana", mbox: "mailto:ana@x.example" };
const activityId = "https://x.example/lesson";
// Of its two ways to send, axios takes the boundary of attachments away, and fetch the status of
// errors.
const [store, throughFetch] = ["axios", "fetch"].map(
  (adapter) =>
    new XAPI({ endpoint, adapter, auth: XAPI.toBasicAuth(key, secret), version: "1.0.3" }),
);

function statement(more = {}) {
  return {
    id: randomUUID(),
    actor: agent,
    verb: { id: "https://x.example/did", display: { en: "did" } },
    object: { objectType: "Activity", id: activityId, definition: { name: { en: "A lesson" } } },
    ...more,
  };
}

function pictured(text) {
  const content = new TextEncoder().encode(text);
  const attachment = {
    usageType: "https://x.example/picture",
    display: { en: "a picture" },
    contentType: "text/plain",
    length: content.byteLength,
    sha2: createHash("sha256").update(content).digest("hex"),
  };
  return { statement: statement({ attachments: [attachment] }), attachments: [content.buffer] };
}

async function refused(asked) {
  try {
    return (await asked).status;
  } catch (error) {
    return error.response?.status ?? String(error);
  }
}

async function main() {
  const seen = {};
  seen.about = (await store.getAbout()).data.version;

  const one = statement({ result: { score: { scaled: 0.5 }, duration: "PT8S" } });
  seen.saved = (await store.sendStatement({ statement: one })).data[0] === one.id;
  const back = (await store.getStatement({ statementId: one.id })).data;
  seen.equal = JSON.stringify(back.result) === JSON.stringify(one.result);

  const batch = [statement(), statement(), statement()];
  const ids = (await store.sendStatements({ statements: batch })).data;
  seen.batch = JSON.stringify(ids) === JSON.stringify(batch.map((each) => each.id));

  let page = (await store.getStatements({ agent, activity: activityId, limit: 3 })).data;
  seen.query = page.statements.length;
  page = (await store.getMoreStatements({ more: page.more })).data;
  seen.more = [page.statements.length, page.more];

  await store.voidStatement({ actor: agent, statementId: one.id });
  seen.voided = [
    await refused(store.getStatement({ statementId: one.id })),
    (await store.getVoidedStatement({ voidedStatementId: one.id })).data.id === one.id,
  ];

  const where = { agent, activityId, stateId: "place" };
  await store.setState({ ...where, state: { page: 3 } });
  await store.createState({ ...where, state: { chapter: 1 } });
  const state = await store.getState(where);
  seen.state = [state.data, (await store.getStates({ agent, activityId })).data];
  await store.deleteState({ ...where, etag: state.headers.etag });
  seen.stateGone = await refused(store.getState(where));

  const profile = { agent, profileId: "likes" };
  await store.createAgentProfile({ ...profile, profile: { colour: "red" } });
  const { headers } = await store.getAgentProfile(profile);
  const news = { ...profile, profile: { colour: "blue" } };
  seen.profileStale = await refused(
    store.setAgentProfile({ ...news, etag: '"stale"', matchHeader: "If-Match" }),
  );
  await store.setAgentProfile({ ...news, etag: headers.etag, matchHeader: "If-Match" });
  seen.profile = (await store.getAgentProfile(profile)).data;

  seen.attachmentThroughAxios = await refused(store.sendStatement(pictured("a picture: ñ")));
  seen.attachments = [];
  for (const text of ["a picture: ñ", "two\r\nlines"]) {
    const sent = pictured(text);
    await throughFetch.sendStatement(sent);
    const statementId = sent.statement.id;
    const { data } = await throughFetch.getStatement({ statementId, attachments: true });
    seen.attachments.push([data[0].id === statementId, data[1]]);
  }
  process.stdout.write(JSON.stringify(seen));
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? JSON.stringify(error)}\n`);
  process.exitCode = 1;
});
