import type { Contract, Method } from "../../contract.ts";
import { type Codec, createCodecs } from "./codec.ts";
import { type Lock, createNumbers, packageOf } from "./lock.ts";
import { pascal, shapesOf } from "./shape.ts";

export interface MethodCodecs {
  readonly method: Method;
  /** The path of its calls: `/kinora.video.v1.VideoService/Publish`. */
  readonly path: string;
  readonly input: Codec;
  readonly output: Codec;
}

/** How the values of a contract become messages. A process needs nothing else to call it or to answer. */
export interface ContractCodecs {
  readonly contract: Contract;
  /** The full name of its service. */
  readonly typeName: string;
  readonly methods: ReadonlyMap<string, MethodCodecs>;
}

export const serviceName = ({ name, proto }: Contract): string => proto?.service ?? `${pascal(name)}Service`;
export const typeNameOf = (contract: Contract): string => `${packageOf(contract)}.${serviceName(contract)}`;

/** @throws Error when the lock is behind the contract. */
export function createContractCodecs(contract: Contract, lock: Lock): ContractCodecs {
  const shapes = shapesOf(contract);
  const codecOf = createCodecs(createNumbers(lock, contract, shapes));
  const typeName = typeNameOf(contract);
  const methods = [...shapes.methods].flatMap(([key, { name, input, output }]) => {
    const method = contract.methods[key];
    const codecs = { path: `/${typeName}/${name}`, input: codecOf(input), output: codecOf(output) };
    return method ? [[key, { method, ...codecs }] as const] : [];
  });
  return { contract, typeName, methods: new Map(methods) };
}
