// Of the page that stands in for all others while the portal cannot be reached: leads back as soon as it can.

const EVERY_MS = 5_000;
const MINUTE_MS = 60_000;

function sayWhen() {
  let at = Number.NaN;
  try {
    at = Number(localStorage.getItem("sightline-answered-at") ?? Number.NaN);
  } catch {
    // This browser keeps nothing.
  }
  if (!Number.isFinite(at)) return;
  const minutes = Math.max(0, Math.round((Date.now() - at) / MINUTE_MS));
  const last = document.getElementById("last");
  last.textContent = `It last answered this browser ${new Date(at).toLocaleString()} (${minutes} min ago).`;
  last.hidden = false;
}

async function tryAgain() {
  sayWhen();
  if (navigator.onLine === false) document.getElementById("state").textContent = "This device has no network.";
  try {
    await fetch("/api/v1/health", { cache: "no-store" });
    window.location.reload();
  } catch {
    // Still away.
  }
}

document.getElementById("again").addEventListener("click", tryAgain);
window.addEventListener("online", tryAgain);
setInterval(tryAgain, EVERY_MS);
sayWhen();
