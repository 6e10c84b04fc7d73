/**
 * A part of a core, as Lambda gives it by memory: the kernel's own limit, in periods of 20 ms. It needs the rights of root
 * and a control group of the processor; where there is none, `openCpuGroups` says so.
 */

import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PERIOD_US = 20_000;
/** One whole vCPU. */
const MIB_PER_CORE = 1769;
/** Priority over other programs of the machine: this measures the limit, not those programs. */
const WEIGHT = { v1: 200_000, v2: 10_000 };

export interface CpuGroups {
  /** Gives a process the CPU of a function with this memory; null: no limit. */
  put(pid: number, memoryMiB: number | null): void;
  close(): void;
}

/** Null if there is no control group. */
export function openCpuGroups(): CpuGroups | null {
  const [v2, v1] = ['/sys/fs/cgroup/cgroup.controllers', '/sys/fs/cgroup/cpu/cpu.cfs_quota_us'].map(existsSync);
  if (!v1 && !v2) return null;
  const root = v1 ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup';
  const made = new Map<string, string>();
  const groupOf = (memoryMiB: number | null): string => {
    const name = `provider-health-bench-${process.pid}-${memoryMiB ?? 'all'}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const path = join(root, name);
    mkdirSync(path);
    made.set(name, path);
    const quota = memoryMiB === null ? null : Math.round((PERIOD_US * memoryMiB) / MIB_PER_CORE);
    if (v1) {
      writeFileSync(join(path, 'cpu.shares'), String(WEIGHT.v1));
      writeFileSync(join(path, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(path, 'cpu.cfs_quota_us'), String(quota ?? -1));
    } else {
      writeFileSync(join(path, 'cpu.weight'), String(WEIGHT.v2));
      writeFileSync(join(path, 'cpu.max'), `${quota ?? 'max'} ${PERIOD_US}`);
    }
    return path;
  };
  try {
    groupOf(null);
  } catch {
    return null;
  }
  return {
    put: (pid, memoryMiB) => writeFileSync(join(groupOf(memoryMiB), 'cgroup.procs'), String(pid)),
    close() {
      for (const path of made.values()) rmdirSync(path);
    },
  };
}
