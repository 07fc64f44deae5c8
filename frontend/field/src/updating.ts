/** The app stays on the phone: kept by a worker of the browser, asked not to be cleared away, renewed when somebody says so. */

import { ref } from "vue";

/** A newer version has been fetched and waits for a touch. */
export const newer = ref<ServiceWorker | null>(null);

/** Whether the browser promised not to clear the phone's storage by itself. */
export const persistent = ref(false);

export async function keepWhole(): Promise<void> {
  persistent.value = (await navigator.storage?.persist?.()) ?? false;
  if (!("serviceWorker" in navigator)) return;
  const kept = await navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" });
  const look = (): void => {
    if (kept.waiting && navigator.serviceWorker.controller) newer.value = kept.waiting;
  };
  const follow = (): void => kept.installing?.addEventListener("statechange", look);
  look();
  follow(); // the browser may have found it before we asked
  kept.addEventListener("updatefound", follow);
}

/** Nothing captured is in memory alone, so the page may begin again at any time. */
export function renew(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  newer.value?.postMessage("now");
}
