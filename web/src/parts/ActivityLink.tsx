import { view } from "../state/store.ts";
import { emptyView } from "../state/view.ts";
import { Link } from "./Link.tsx";

/** To the figures of the service. */
export function ActivityLink() {
  const here = view.value.place === "activity";
  return (
    <Link class="ghost activity-link" to={() => ({ ...emptyView, place: "activity" })} current={here} title="How searches went in the last hour">
      Activity
    </Link>
  );
}
