/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.jetstreamspring.topology.TopologyReport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.logging.ConditionEvaluationReportLoggingListener;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.StringUtils;

/**
 * Prints a report and ends the application, with {@code jetstream.topology.report}. That
 * happens when all listeners have added their consumers, and before anything is written,
 * handled or served.
 */
final class TopologyReportRunner implements SmartLifecycle {

	private final TopologyProperties properties;

	private final Supplier<List<ReportedConnection>> connections;

	private final ApplicationContext context;

	private final @Nullable LoggingSystem loggingSystem;

	/**
	 * Creates a runner.
	 * @param properties say which report there is to be
	 * @param connections finds the connections, when all that they have is there
	 * @param context the application
	 * @param loggingSystem the log, or {@code null} if it is the application's own
	 */
	TopologyReportRunner(TopologyProperties properties, Supplier<List<ReportedConnection>> connections,
			ApplicationContext context, @Nullable LoggingSystem loggingSystem) {
		this.properties = properties;
		this.connections = connections;
		this.context = context;
		this.loggingSystem = loggingSystem;
	}

	@Override
	public boolean isAutoStartup() {
		return this.properties.format() != ReportFormat.NONE;
	}

	@Override
	public void start() {
		if (!isAutoStartup()) {
			// A context that is started again starts all it has
			return;
		}
		List<ReportedConnection> all = this.connections.get();
		Map<String, TopologyReport> compared = new LinkedHashMap<>();
		if (this.properties.format() == ReportFormat.TABLE || this.properties.format() == ReportFormat.JSON) {
			all.forEach((one) -> compared.put(one.name(), one.declarer().report(one.topology())));
		}
		ReportOutput.write(text(all, compared), this.properties.reportFile());
		silence();
		throw new TopologyReportedException(compared.values());
	}

	private String text(List<ReportedConnection> all, Map<String, TopologyReport> compared) {
		return switch (this.properties.format()) {
			case NONE -> "";
			case TABLE -> table(compared);
			case JSON -> ComparisonReport.json(compared);
			case PERMISSIONS -> join(all, (one) -> new PermissionReport(one).toString());
			case NACK -> join(all, NackReport::yaml);
			case KEDA -> new KedaReport(applicationName(), all).toString();
		};
	}

	private static String table(Map<String, TopologyReport> compared) {
		StringBuilder text = new StringBuilder();
		compared
			.forEach((name, report) -> text.append((compared.size() > 1) ? "\nConnection '%s'\n".formatted(name) : "")
				.append("\n")
				.append(report)
				.append("\n"));
		return text.toString();
	}

	private static String join(List<ReportedConnection> all, Function<ReportedConnection, String> text) {
		return all.stream().map(text).collect(Collectors.joining("\n"));
	}

	private String applicationName() {
		String name = this.context.getEnvironment().getProperty("spring.application.name");
		return StringUtils.hasText(name) ? name : "application";
	}

	/**
	 * Only an exception ends start-up, and it is logged as a failure, which this isn't.
	 */
	private void silence() {
		if (this.loggingSystem != null) {
			for (String logger : List.of(this.context.getClass().getName(), SpringApplication.class.getName(),
					ConditionEvaluationReportLoggingListener.class.getPackageName())) {
				this.loggingSystem.setLogLevel(logger, LogLevel.OFF);
			}
		}
	}

	@Override
	public void stop() {
		// Is never running
	}

	@Override
	public boolean isRunning() {
		return false;
	}

	@Override
	public int getPhase() {
		return TopologyCheck.PHASE - 1;
	}

}
