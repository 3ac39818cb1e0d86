package httpd

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// metrics count what the server does: no names, no ids, nothing of documents.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	commands   *prometheus.CounterVec
	logins     *prometheus.CounterVec
	pullPages  prometheus.Counter
	pullRows   prometheus.Counter
	pullBytes  prometheus.Counter
	digests    prometheus.Counter
	mendedRows prometheus.Counter
	readRows   prometheus.Counter
	blobsIn    prometheus.Counter
	blobBytes  prometheus.Counter
	pokes      prometheus.Counter
	streams    prometheus.Gauge
	panics     prometheus.Counter
}

// newMetrics makes the counters of one server; sessions counts the open ones.
func newMetrics(sessions func(context.Context) (int, error), fleet func(context.Context) (store.Fleet, error)) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "qianshao_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "qianshao_request_seconds", Help: "Time to answer, streams left out.", Buckets: []float64{.002, .01, .05, .2, 1, 5, 20},
		}, []string{"route"}),
		commands:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "qianshao_commands_total", Help: "Pushed commands by outcome."}, []string{"outcome"}),
		logins:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "qianshao_logins_total", Help: "Log-ins by result."}, []string{"result"}),
		pullPages:  counter("qianshao_pull_pages_total", "Pages of pulls."),
		pullRows:   counter("qianshao_pull_rows_total", "Records sent with pulls."),
		pullBytes:  counter("qianshao_pull_bytes_total", "Bytes of pulls on the wire."),
		digests:    counter("qianshao_digests_total", "Questions of desks that mend a channel."),
		mendedRows: counter("qianshao_mended_rows_total", "Records sent again because a desk's copy was bad."),
		readRows:   counter("qianshao_read_rows_total", "Records read on line."),
		blobsIn:    counter("qianshao_blobs_in_total", "Files whose upload was completed."),
		blobBytes:  counter("qianshao_blob_bytes_total", "Bytes of files sent."),
		pokes:      counter("qianshao_pokes_total", "Pokes sent."),
		streams:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "qianshao_poke_streams", Help: "Open streams of pokes."}),
		panics:     counter("qianshao_panics_total", "Requests that panicked."),
	}
	open := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "qianshao_sessions", Help: "Open sessions; -1 if the store does not answer."}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		n, err := sessions(ctx)
		if err != nil {
			return -1
		}
		return float64(n)
	})
	m.registry.MustRegister(m.requests, m.seconds, m.commands, m.logins, m.pullPages, m.pullRows, m.pullBytes, m.digests, m.mendedRows, m.readRows, m.blobsIn, m.blobBytes, m.pokes, m.streams, m.panics, open, &fleetMetrics{ask: fleet},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, fmt.Sprint(status)).Inc()
	if route != "/sync/poke" {
		m.seconds.WithLabelValues(route).Observe(took.Seconds())
	}
}

// showMetrics answers this machine only, unless configured otherwise; to
// others the path does not exist.
func (s *Server) showMetrics(c *call) error {
	if !s.o.MetricsAnywhere && !c.local() {
		return &office.Error{Code: protocol.CodeNoEndpoint}
	}
	promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(c.w, c.r)
	return nil
}

// health tells whether the server can work: its store answers.
func (s *Server) health(c *call) error {
	if err := s.o.Ping(c.ctx()); err != nil {
		s.o.Log.Error("health", "err", err)
		return &office.Error{Code: protocol.CodeUnavailable}
	}
	return c.reply(http.StatusOK, protocol.Ack{OK: true})
}

// fleetMetrics count all devices with one look at the store for each scrape.
type fleetMetrics struct {
	ask func(context.Context) (store.Fleet, error)
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("qianshao_"+name, help, labels, nil)
}

var (
	devicesDesc = desc("devices", "Devices: active, silent for a day, stuck.", "state")
	queueDesc   = desc("queue_commands", "Commands that devices held unanswered when they last asked.")
	jobsDesc    = desc("jobs_waiting", "Jobs waiting to be done.")
	lagDesc     = desc("lag_seconds", "Since when the least recent device of those heard within a day has not asked.")
)

func (*fleetMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{devicesDesc, queueDesc, jobsDesc, lagDesc} {
		ch <- d
	}
}

// Collect tells nothing while the store does not answer.
func (m *fleetMetrics) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if m.ask == nil {
		return
	}
	f, err := m.ask(ctx)
	if err != nil {
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(devicesDesc, float64(f.Devices), "active")
	gauge(devicesDesc, float64(f.Silent), "silent")
	gauge(devicesDesc, float64(f.Stuck), "stuck")
	gauge(queueDesc, float64(f.Queued))
	gauge(jobsDesc, float64(f.Jobs))
	gauge(lagDesc, float64(f.Lag)/1000)
}
