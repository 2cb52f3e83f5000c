// Renders a part again only when `same` says that its props differ; keeps a list of 1,000 cards cheap to extend.
import { Component, createElement } from "preact";
import type { FunctionComponent } from "preact";

export function memo<P extends object>(part: FunctionComponent<P>, same: (a: P, b: P) => boolean): FunctionComponent<P> {
  class Kept extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !same(this.props as P, next);
    }
    override render() {
      return createElement(part, this.props as P);
    }
  }
  return Kept as unknown as FunctionComponent<P>;
}
