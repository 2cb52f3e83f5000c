import { emptyView } from "../state/view.ts";
import { Link } from "./Link.tsx";

export function Brand() {
  return (
    <Link class="brand" to={() => emptyView} title="Start page">
      creatordex
    </Link>
  );
}
