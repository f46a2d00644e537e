// New names for each account, so that a folder can be run again; all fit the narrowest surface.
const invent = () => {
  const number = 1000000 + Math.floor(Math.random() * 9000000);
  pm.collectionVariables.set("username", `Ann-${number}`);
  pm.collectionVariables.set("email", `ann-${number}@example.org`);
  pm.collectionVariables.set("phone", `+1555${number}`);
};
