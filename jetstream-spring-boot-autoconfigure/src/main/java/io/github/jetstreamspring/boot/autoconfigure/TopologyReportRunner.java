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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.jetstreamspring.topology.TopologyReport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.logging.ConditionEvaluationReportLoggingListener;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.SmartLifecycle;

/**
 * Prints a report and ends the application, with {@code jetstream.topology.report}. That
 * happens when all listeners have added their consumers, and before anything is written,
 * handled or served.
 */
final class TopologyReportRunner implements SmartLifecycle {

	private final boolean wanted;

	// By the connections' names
	private final Map<String, Supplier<TopologyReport>> reports;

	private final Class<?> contextType;

	private final @Nullable LoggingSystem loggingSystem;

	TopologyReportRunner(boolean wanted, Map<String, Supplier<TopologyReport>> reports, Class<?> contextType,
			@Nullable LoggingSystem loggingSystem) {
		this.wanted = wanted;
		this.reports = reports;
		this.contextType = contextType;
		this.loggingSystem = loggingSystem;
	}

	@Override
	public boolean isAutoStartup() {
		return this.wanted;
	}

	@Override
	public void start() {
		if (!this.wanted) {
			// A context that is started again starts all it has
			return;
		}
		List<TopologyReport> all = new ArrayList<>();
		this.reports.forEach((connection, reporter) -> {
			TopologyReport report = reporter.get();
			String heading = (this.reports.size() > 1) ? "\nConnection '%s'\n".formatted(connection) : "";
			System.out.println(heading + "\n" + report);
			all.add(report);
		});
		silence();
		throw new TopologyReportedException(all);
	}

	/**
	 * Only an exception ends start-up, and it is logged as a failure, which this isn't.
	 */
	private void silence() {
		if (this.loggingSystem != null) {
			for (String logger : List.of(this.contextType.getName(), SpringApplication.class.getName(),
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
