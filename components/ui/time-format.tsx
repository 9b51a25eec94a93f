"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { TimeFormat, type TimeStyle, UTC_STYLE, ZONE_COOKIE } from "#lib/format/date-time.ts";
import { DAY_MS, SECOND_MS } from "#lib/time/durations.ts";

const Context = createContext(new TimeFormat(UTC_STYLE));

const KEPT_S = (400 * DAY_MS) / SECOND_MS;

/**
 * Gives a page the style of its reader's times as the server knows it. A browser in another zone than its cookie tells so from then on, and
 * draws its times anew: only after the first drawing, which must be the server's.
 */
export function TimeFormatProvider({ style, children }: { style: TimeStyle; children: ReactNode }) {
  const [zone, setZone] = useState(style.zone);
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (own === zone) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs a secure context, which a portal in a LAN is not
    document.cookie = `${ZONE_COOKIE}=${encodeURIComponent(own)}; Path=/; Max-Age=${KEPT_S}; SameSite=Lax`;
    setZone(own);
  }, [zone]);
  const format = useMemo(
    () => new TimeFormat({ zone, hour12: style.hour12, monthFirst: style.monthFirst }),
    [zone, style.hour12, style.monthFirst],
  );
  return <Context value={format}>{children}</Context>;
}

/** A part of a page whose times are those of a zone that its reader chose. */
export function InZone({ zone, children }: { zone: string; children: ReactNode }) {
  const { style } = useContext(Context);
  const format = useMemo(() => new TimeFormat({ ...style, zone }), [style, zone]);
  return <Context value={format}>{children}</Context>;
}

/** How the reader of this page reads times. */
export const useTimeFormat = (): TimeFormat => useContext(Context);

/** A text that is kept for several readers, with its instants as this reader reads them. */
export const TextWithTimes = ({ text }: { text: string }) => <>{useTimeFormat().inText(text)}</>;

type Props = { at: string | Date | number; dayOnly?: boolean };

/** An instant as the reader reads it; the exact one, with its zone, on hover. */
export function DateTime({ at, dayOnly = false }: Props) {
  const time = useTimeFormat();
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={`${time.instant(date.getTime())} (${time.style.zone})`}>
      {dayOnly ? time.day(date) : time.dateTime(date)}
    </time>
  );
}
