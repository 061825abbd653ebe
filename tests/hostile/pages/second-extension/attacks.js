/*
 * What one extension can say to another. Each gives what came back that is an answer; a refusal by the browser is none.
 */

const api = globalThis.browser ?? globalThis.chrome;

const answerTo = async (send) => {
  try {
    const answer = await send();
    return answer === undefined ? [] : [answer];
  } catch {
    return []; // "Receiving end does not exist"
  }
};

/** Opens a port, says everything, and listens until it is closed, as the browser does when nobody is there. */
const overPort = (id, name, messages) =>
  new Promise((resolve) => {
    const answers = [];
    const port = api.runtime.connect(id, { name });
    port.onMessage.addListener((answer) => answers.push(answer));
    port.onDisconnect.addListener(() => {
      void api.runtime.lastError; // or else Chromium logs it as unseen
      resolve(answers);
    });
    for (const message of messages) {
      try {
        port.postMessage(message);
      } catch {
        return; // closed already
      }
    }
  });

// biome-ignore lint/correctness/noUnusedVariables: used by page.js and content.js, which are loaded beside it
async function saySomething({ id, messages, ports }) {
  const answers = [];
  for (const message of messages)
    answers.push(...(await answerTo(() => api.runtime.sendMessage(id, message))));
  for (const name of ports) answers.push(...(await overPort(id, name, messages)));
  return answers;
}
