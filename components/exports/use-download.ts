"use client";

import { useRef, useState } from "react";
import { download } from "#components/exports/download.ts";

/** A download that the reader waits for: how much has arrived, a way to cancel it, and why it failed. */
export function useDownload() {
  const [bytes, setBytes] = useState<number>();
  const [failure, setFailure] = useState("");
  const running = useRef<AbortController>(undefined);
  const start = async (address: string) => {
    running.current = new AbortController();
    setFailure("");
    setBytes(0);
    try {
      await download(address, running.current.signal, setBytes);
    } catch (error) {
      if ((error as Error).name !== "AbortError") setFailure((error as Error).message);
    }
    setBytes(undefined);
  };
  return { bytes, failure, start, cancel: () => running.current?.abort() };
}
