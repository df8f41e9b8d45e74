// A round trip with TinCanJS; prints what it saw as JSON. Arguments: endpoint, key, secret.
const TinCan = require("tincanjs");

const [endpoint, username, password] = process.argv.slice(2);
const store = new TinCan.LRS({ endpoint, username, password, version: "1.0.2", allowFail: false });
const agent = new TinCan.Agent({ name: "Ana", mbox: "mailto:ana@x.example" });
const activity = new TinCan.Activity({
  id: "https://x.example/lesson",
  definition: { name: { en: "A lesson" } },
});

function statement(more = {}) {
  return new TinCan.Statement({
    actor: agent,
    verb: { id: "https://x.example/did", display: { en: "did" } },
    target: activity,
    ...more,
  });
}

// Its functions tell a callback of an error and an answer.
function asked(verb, ...given) {
  return new Promise((resolve) => {
    const config = given.pop();
    store[verb](...given, { ...config, callback: (error, answer) => resolve({ error, answer }) });
  });
}

async function done(verb, ...given) {
  const { error, answer } = await asked(verb, ...given);
  if (error !== null) {
    throw new Error(`${verb}: ${error} ${answer?.responseText ?? ""}`);
  }
  return answer;
}

async function main() {
  const seen = {};
  seen.about = (await done("about", {})).version;

  const one = statement({ result: { score: { scaled: 0.5 }, duration: "PT8S" } });
  await done("saveStatement", one, {});
  const back = await done("retrieveStatement", one.id, {});
  seen.equal = [back.id === one.id, back.result.score.scaled, back.result.duration];

  const batch = [statement(), statement(), statement()];
  await done("saveStatements", batch, {});

  let page = await done("queryStatements", { params: { agent, activity, limit: 3 } });
  seen.query = page.statements.length;
  page = await done("moreStatements", { url: page.more });
  seen.more = [page.statements.length, page.more];

  const voider = new TinCan.Statement({
    actor: agent,
    verb: { id: "http://adlnet.gov/expapi/verbs/voided" },
    target: { objectType: "StatementRef", id: one.id },
  });
  await done("saveStatement", voider, {});
  seen.voided = [
    (await asked("retrieveStatement", one.id, {})).error,
    (await done("retrieveVoidedStatement", one.id, {})).id === one.id,
  ];

  const where = { agent, activity, contentType: "application/json" };
  await done("saveState", "place", { page: 3 }, { ...where });
  await done("saveState", "place", { chapter: 1 }, { ...where, method: "POST" });
  const state = await done("retrieveState", "place", { agent, activity });
  seen.state = [state.contents, await done("retrieveStateIds", { agent, activity })];
  await done("dropState", "place", { agent, activity });
  seen.stateGone = await done("retrieveState", "place", { agent, activity });

  const json = { agent, contentType: "application/json" };
  await done("saveAgentProfile", "likes", { colour: "red" }, { ...json });
  const { etag } = await done("retrieveAgentProfile", "likes", { agent });
  const news = { colour: "blue" };
  seen.profileStale = (await asked("saveAgentProfile", "likes", news, { ...json })).error;
  await done("saveAgentProfile", "likes", news, { ...json, lastSHA1: etag });
  seen.profile = (await done("retrieveAgentProfile", "likes", { agent })).contents;

  const pictured = statement({
    attachments: [
      {
        usageType: "https://x.example/picture",
        display: { en: "a picture" },
        contentType: "text/plain",
        content: TinCan.Utils.stringToArrayBuffer("a picture: ñ\r\n--x\r\n"),
      },
    ],
  });
  await done("saveStatement", pictured, {});
  const told = await done("retrieveStatement", pictured.id, { params: { attachments: true } });
  seen.attachment = told.attachments[0].getContentAsString();
  process.stdout.write(JSON.stringify(seen));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
