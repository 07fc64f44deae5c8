/** The pages, and that nobody sees one before the phone knows who holds it. */

import { watch } from "vue";
import { createRouter, createWebHashHistory } from "vue-router";
import { fact } from "./keep/database";
import Door from "./pages/Door.vue";
import Doors from "./pages/Doors.vue";
import Enrol from "./pages/Enrol.vue";
import Lock from "./pages/Lock.vue";
import Mine from "./pages/Mine.vue";
import MyDay from "./pages/MyDay.vue";
import Report from "./pages/Report.vue";
import Scan from "./pages/Scan.vue";
import Unsent from "./pages/Unsent.vue";
import { hasGates, hasSamples } from "./reach/wire";
import { day, shift, walks } from "./shift";

export const router = createRouter({
  history: createWebHashHistory("/field/"),
  scrollBehavior: () => ({ top: 0 }),
  routes: [
    { path: "/enrol", component: Enrol },
    { path: "/lock", component: Lock },
    { path: "/", component: MyDay },
    { path: "/doors", component: Doors },
    { path: "/door/:id(\\d+)", component: Door },
    { path: "/scan", component: Scan },
    { path: "/gate/:sheet?", component: () => import("./gate/Gate.vue") },
    { path: "/table", component: () => import("./testing/Table.vue") },
    { path: "/team", component: () => import("./testing/Team.vue") },
    { path: "/boxes", component: () => import("./testing/Boxes.vue") },
    { path: "/report/:id(\\d+)", component: Report },
    { path: "/unsent", component: Unsent },
    { path: "/mine", component: Mine },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

const OPEN = new Set(["/enrol", "/lock"]);

router.beforeEach(async (to, from) => {
  if (OPEN.has(to.path)) return true;
  if (!(await fact("device"))) return "/enrol";
  if (!shift.worker) return "/lock";
  return to.path === "/" && OPEN.has(from.path) && home() !== "/" ? home() : true;
});

/** Where whoever has this day works: at a gate, from door to door, at a table, with boxes. */
function home(): string {
  if (hasGates(day.value)) return "/gate";
  if (walks.value || !hasSamples(day.value)) return "/";
  return day.value?.parts.swab_people === undefined ? "/boxes" : "/table";
}

/** Whoever locks it, and by whatever way: nothing of the day stays on the screen. */
watch(
  () => shift.worker,
  (worker) => {
    if (!worker && !OPEN.has(router.currentRoute.value.path)) void router.replace("/lock");
  },
);
