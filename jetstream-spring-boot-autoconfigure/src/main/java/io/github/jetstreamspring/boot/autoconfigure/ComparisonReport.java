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
import java.util.Locale;
import java.util.Map;

import io.github.jetstreamspring.topology.TopologyProblem;
import io.github.jetstreamspring.topology.TopologyReport;

/**
 * Says for machines what differs between servers and configuration.
 */
final class ComparisonReport {

	private ComparisonReport() {
	}

	/**
	 * Describes what differs.
	 * @param reports the reports by the connections' names
	 * @return JSON
	 */
	static String json(Map<String, TopologyReport> reports) {
		Map<String, Object> connections = new LinkedHashMap<>();
		reports.forEach((name, report) -> connections.put(name, describe(report)));
		return ReportText.json(Map.of("connections", connections)) + "\n";
	}

	private static Map<String, Object> describe(TopologyReport report) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("serverVersion", report.server());
		described.put("mode", report.mode().name().toLowerCase(Locale.ROOT));
		described.put("clean", report.isClean());
		described.put("declarable", report.isDeclarable());
		described.put("differences", report.rows().stream().map(ComparisonReport::describe).toList());
		described.put("problems", report.problems().stream().map(ComparisonReport::describe).toList());
		described.put("notes", List.copyOf(report.notes()));
		return described;
	}

	private static Map<String, Object> describe(TopologyReport.Row row) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("stream", row.stream());
		if (row.consumer() != null) {
			described.put("consumer", row.consumer());
		}
		described.put("setting", row.setting());
		described.put("server", row.onServer());
		described.put("configuration", row.inConfiguration());
		described.put("action", row.action().name().toLowerCase(Locale.ROOT));
		return described;
	}

	private static Map<String, Object> describe(TopologyProblem problem) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("key", problem.key());
		described.put("description", problem.description());
		described.put("action", problem.action());
		return described;
	}

}
