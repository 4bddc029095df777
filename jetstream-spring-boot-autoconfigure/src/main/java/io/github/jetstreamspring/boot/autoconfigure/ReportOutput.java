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

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Where a report goes. If that is standard output, nothing else may go there: from early
 * on, the banner and the log go to standard error.
 */
final class ReportOutput implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final String REPORT = "jetstream.topology.report";

	// The process ends with the report, so nobody sets it back
	private static volatile @Nullable PrintStream standardOutput;

	/**
	 * Between the files of the configuration and the log, which writes to what is
	 * standard output when it begins.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 15;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		Environment environment = event.getEnvironment();
		ReportFormat format = ReportFormat.of(environment.getProperty(REPORT));
		if (format != null && format != ReportFormat.NONE && environment.getProperty(REPORT + "-file") == null
				&& System.out != System.err) {
			standardOutput = System.out;
			System.setOut(System.err);
		}
	}

	/**
	 * Writes a report.
	 * @param report the text
	 * @param file the file, or {@code null} for standard output
	 * @throws IllegalStateException if the file can't be written
	 */
	static void write(String report, @Nullable String file) {
		if (file == null) {
			PrintStream output = standardOutput;
			((output != null) ? output : System.out).print(report);
			return;
		}
		try {
			Path path = Path.of(file).toAbsolutePath();
			if (path.getParent() != null) {
				Files.createDirectories(path.getParent());
			}
			Files.writeString(path, report, StandardCharsets.UTF_8);
		}
		catch (IOException | RuntimeException ex) {
			throw new IllegalStateException(
					"The report can't be written to '%s' (jetstream.topology.report-file): %s".formatted(file, ex), ex);
		}
	}

}
