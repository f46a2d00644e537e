// The code of the newest message that was not read yet. It comes a moment after it was asked for.
const readCode = (to, tries) => {
  const url = `${pm.variables.get("base_url")}/dev/mailbox/messages?to=${encodeURIComponent(to)}`;
  pm.sendRequest(url, (error, response) => {
    if (error) throw error;
    const read = pm.collectionVariables.get("last_message");
    const found = response.code === 200 && response.json().find((it) => it.code && it.id !== read);
    if (found) {
      pm.collectionVariables.set("code", found.code);
      pm.collectionVariables.set("last_message", found.id);
    } else if (tries > 0) {
      setTimeout(() => readCode(to, tries - 1), 250);
    }
  });
};
