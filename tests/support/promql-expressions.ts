/** Expressions over gauge and counter_total (labels host, le), which between them use every function and operator. */
const RANGES = [
  ..."rate irate increase delta idelta deriv resets changes avg_over_time sum_over_time min_over_time".split(" "),
  ..."max_over_time count_over_time stddev_over_time stdvar_over_time last_over_time present_over_time".split(" "),
];
const NUMBERS = [
  ..."abs ceil floor exp sqrt ln log2 log10 sgn deg rad sin cos tan asin acos atan sinh cosh tanh".split(" "),
  ..."asinh acosh atanh sort sort_desc timestamp minute hour day_of_week day_of_month day_of_year".split(" "),
  ..."days_in_month month year round absent".split(" "),
];
const FOLDS = "sum avg min max count stddev stdvar group".split(" ");

const SINGLE = `
gauge
{__name__=~"gauge|counter_total", host!="h1"}
gauge offset 2m
gauge offset -1m
gauge @ 400
gauge @ start() + gauge
rate(counter_total[10m] @ end())
sum(rate(counter_total[3m] @ 500 offset 1m))
absent(nothing{host="x", a=~"b", c="d"})
absent(gauge{host="h0"})
absent_over_time(nothing{host="x"}[5m])
absent_over_time(gauge{host="h0"}[1m])
absent_over_time(rate(nothing{host="x"}[1m])[5m:])
quantile_over_time(0.7, gauge[8m])
quantile_over_time(-1, gauge[8m])
quantile_over_time(2, gauge[8m])
predict_linear(gauge[10m], 600)
deriv(counter_total[30m])
holt_winters(gauge[10m], 0.3, 0.1)
holt_winters(gauge[10m], 0.9, 0.9)
max_over_time(rate(counter_total[2m])[10m:1m])
min_over_time(sum(gauge)[10m:30s] offset 1m)
avg_over_time(gauge[10m:]) * 2
sum_over_time((gauge > 1)[10m:2m])
rate(counter_total[7m:90s])
stddev_over_time(rate(counter_total[3m])[15m:1m] offset 2m)
last_over_time(gauge[15m])
histogram_quantile(0.9, gauge)
histogram_quantile(0.5, sum by (le) (rate(counter_total[10m])))
histogram_quantile(scalar(gauge), counter_total)
sum by (host) (gauge)
sum without (le) (counter_total)
sum by () (gauge)
avg by (host, nothing) (counter_total)
topk(2, gauge)
topk by (host) (1, {__name__=~"gauge|counter_total"})
bottomk(2, counter_total)
bottomk(1, gauge) without (le)
quantile(0.6, gauge)
quantile by (host) (0.1, {__name__=~".+"})
count_values("v", gauge)
count_values by (host) ("v", round(gauge))
count_values without (le) ("le", counter_total)
gauge + 1
1 - gauge
gauge * 2 / 3
gauge % 7
7 % gauge
gauge ^ 2
2 ^ gauge
-gauge
+gauge
gauge atan2 2
gauge > 3
3 > gauge
gauge >= bool 3
3 != bool gauge
gauge == gauge
gauge != bool gauge
gauge + gauge
gauge / on (host, le) gauge
gauge - ignoring (le) sum without (le) (gauge)
gauge * on (host) group_left sum by (host) (counter_total)
sum by (host) (counter_total) * on (host) group_right () gauge
gauge * on (host) group_left (x) label_replace(sum by (host) (counter_total), "x", "$1", "host", "(.).*")
gauge > on (host, le) group_left counter_total
gauge <= ignoring (le) group_right min without (le) (gauge)
gauge atan2 gauge
gauge and counter_total
gauge and on (host) counter_total
gauge or counter_total
gauge or on (host) counter_total
gauge unless on (host) counter_total
gauge unless ignoring (host) counter_total
{__name__=~"gauge|counter_total"} and on () vector(1)
gauge and on () (sum(gauge) > 5)
clamp(gauge, 0, 10)
clamp(gauge, 10, 0)
clamp_min(gauge, 2)
clamp_max(gauge, 2)
clamp_max(gauge, NaN)
clamp_min(gauge, Inf)
round(gauge, 0.1)
round(gauge, 5)
label_replace(gauge, "x", "$1-$2", "host", "(.)(.*)")
label_replace(gauge, "x", "\${first}$$", "host", "(?P<first>.).*")
label_replace(gauge, "host", "", "le", ".*")
label_replace(gauge, "x", "y", "host", "none")
label_join(gauge, "x", "-", "host", "le", "nothing")
label_join(gauge, "le", "", "nothing")
vector(1)
vector(time())
scalar(gauge)
scalar(sum(gauge)) + 1
time()
time() - 60 * 2
pi() * 2
minute()
hour(vector(1e9))
day_of_week() + day_of_month() + month() + year()
days_in_month(vector(951782400))
day_of_year(vector(1709164800))
timestamp(gauge offset 1m)
timestamp(gauge @ 500)
timestamp(gauge + 0)
timestamp((gauge))
1 + 2 * 3 ^ 2 % 5
-1 ^ 2
1 == bool 1
2 > bool NaN
1 / 0
-1 / 0
0 / 0
Inf - Inf
sort(gauge) or sort_desc(counter_total)
sum(gauge) or vector(0)
count(gauge > 0) / count(gauge)
(sum(rate(counter_total[5m])) by (host) > 0.5) and on (host) (gauge < 100)
`;

export const EXPRESSIONS: string[] = [
  ...RANGES.map((name) => `${name}(counter_total[6m])`),
  ...RANGES.map((name) => `${name}(gauge[4m] offset 30s)`),
  ...NUMBERS.map((name) => `${name}(gauge)`),
  ...FOLDS.map((name) => `${name}(gauge)`),
  ...FOLDS.map((name) => `${name} by (host) ({__name__=~"gauge|counter_total"})`),
  ...SINGLE.split("\n").filter((line) => line !== ""),
];
