// The names of the tokens differ from surface to surface.
const keep = (response) => {
  let answer = null;
  try {
    answer = response.json();
  } catch {
    // Empty, or no JSON: there is nothing to keep.
  }
  const store = (variable, value) => {
    if (value) pm.collectionVariables.set(variable, String(value));
  };
  store("access_token", answer?.access_token || answer?.access || answer?.token);
  store("refresh_token", answer?.refresh_token || answer?.refresh);
  store("user_id", answer?.id);
  store("reset_ticket", answer?.reset_ticket);
};
