// The parts of a score as numbers that add up as they are printed.
import type { ComponentChildren } from "preact";
import { roundToSum } from "../text/number.ts";

const digits = 3;

export interface Part {
  name: string;
  value: number;
  weight: number;
  adds: number;
}

interface Props {
  parts: Part[];
  total: string; // its name
  nameOf: (name: string) => ComponentChildren;
  className?: string;
}

export function PartsTable({ parts, total, nameOf, className }: Props) {
  const rounded = roundToSum(parts.map((one) => one.adds), digits);
  return (
    <table class={className}>
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Value</th>
          <th scope="col">Weight</th>
          <th scope="col">Adds</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((one, i) => (
          <tr key={one.name}>
            <th scope="row">{nameOf(one.name)}</th>
            <td class="num">{one.value.toFixed(digits)}</td>
            <td class="num">× {Number(one.weight.toFixed(4))}</td>
            <td class="num">{rounded.parts[i]?.toFixed(digits)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            {total}
          </th>
          <td class="num">{rounded.total.toFixed(digits)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
