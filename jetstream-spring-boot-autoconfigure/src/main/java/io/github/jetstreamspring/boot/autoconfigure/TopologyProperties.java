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

import io.github.jetstreamspring.topology.TopologyMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How streams and consumers are declared.
 *
 * @param mode What is done about streams and consumers that are missing on the server or
 * differ from the configuration.
 * @param report What to print instead of running the application: what differs between
 * server and configuration as a table or JSON, the permissions that the application
 * needs, or its streams and consumers for Kubernetes. Nothing is written to the server.
 * @param reportFile File that the report is written to, instead of standard output.
 * @since 0.1.0
 */
public record TopologyProperties(@DefaultValue("update") TopologyMode mode, @DefaultValue("false") String report,
		@Nullable String reportFile) {

	// What is said of the components, for when none of them is set
	static final TopologyProperties DEFAULTS = new TopologyProperties(TopologyMode.UPDATE, "false", null);

	/**
	 * Checks the values.
	 */
	public TopologyProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.check("report", ReportFormat.of(report) != null, "it must be " + ReportFormat.VALID);
		checks.throwIfAny();
	}

	ReportFormat format() {
		ReportFormat format = ReportFormat.of(this.report);
		return (format != null) ? format : ReportFormat.NONE;
	}

}
