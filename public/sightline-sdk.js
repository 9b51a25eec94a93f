// A tiny client of Sightline's experiments, for servers and browsers: import { sightline } from "/sightline-sdk.js".
// In a web page the token is a publishable key, slp_…: page Experiments > Publishable keys.
//   const { variant, track } = sightline({ url: "https://sightline.example", token: "slt_…" });
//   if ((await variant("checkout", userId, { country: "DE" })) === "b") …
//   await track([{ id: orderId, subject: userId, metric: "order", value: 49.9 }]);
export function sightline({ url = "", token } = {}) {
  const post = async (path, body) => {
    const response = await fetch(`${url}/api/v1/experiments/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error((await response.json().catch(() => ({}))).detail ?? `Sightline answered ${response.status}`);
    return response.json();
  };
  return {
    /** The subject's variant, always the same one; the control's stand-in `fallback` when there is none or Sightline is away. */
    async variant(experiment, subject, attributes = {}, fallback = null) {
      const assigned = await post(`${encodeURIComponent(experiment)}/assign`, { subject, attributes }).catch(
        () => undefined,
      );
      return assigned?.variant ?? fallback;
    },
    /** Tells what subjects did; the same ids again are harmless. @throws Error when Sightline refuses or is away: send again */
    track: (events) => post("events", { events }),
  };
}
