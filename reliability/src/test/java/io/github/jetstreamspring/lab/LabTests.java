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

package io.github.jetstreamspring.lab;

import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Runs scenarios of the lab: three of them in every build, all with the profile
 * {@code lab}, one by {@code -Dlab.scenario=<name>}.
 */
@Execution(ExecutionMode.CONCURRENT)
class LabTests {

	private static final Log logger = LogFactory.getLog(LabTests.class);

	private static final Report report = new Report(scenarios().toList());

	private static final long SEED = StringUtils.hasText(System.getProperty("lab.seed"))
			? Long.parseLong(System.getProperty("lab.seed")) : System.nanoTime();

	// The short ones mostly wait, and may do so together
	private static final Semaphore places = new Semaphore(Integer.getInteger("lab.parallel", 1));

	@TempDir(cleanup = CleanupMode.ON_SUCCESS)
	private Path folder;

	@ParameterizedTest
	@MethodSource("scenarios")
	void nothingIsLost(Scenario scenario) throws Exception {
		places.acquire();
		try {
			run(scenario);
		}
		finally {
			places.release();
		}
	}

	private void run(Scenario scenario) throws Exception {
		String time = System.getProperty("lab.time");
		try (Lab lab = new Lab(scenario, this.folder, SEED,
				StringUtils.hasText(time) ? DurationStyle.detectAndParse(time) : scenario.time())) {
			scenario.disturbance().disturb(lab);
			Lab.Outcome outcome = lab.finish();
			logger.info("%s (seed %d): %s".formatted(scenario.name(), SEED, outcome));
			report.add(scenario, outcome);
			check(scenario, outcome);
		}
		catch (UnavailableException ex) {
			report.notRun(scenario, ex.getMessage());
			abort(ex.getMessage());
		}
	}

	@AfterEach
	void killWhatCouldNotBeStopped() {
		LabProcess.killAll(this.folder);
	}

	private static void check(Scenario scenario, Lab.Outcome outcome) {
		Verdict verdict = outcome.verdict();
		assertThat(verdict.confirmed()).as("confirmed jobs").isGreaterThan(100);
		// What the server has forgotten of a plain client's, it may have of ours too
		assertThat(verdict.lost()).as("lost, with %d forgotten by the server", outcome.forgotten())
			.hasSizeLessThanOrEqualTo(outcome.forgotten());
		assertThat(verdict.unfinished()).as("left in the queue").isEmpty();
		assertThat(outcome.drained()).as("all done in time: %s", verdict).isTrue();
		assertThat(verdict.unknown()).as("handled, though nobody sent them").isEmpty();
		assertThat(verdict.doubled()).as("with several dead letters").isEmpty();
		assertThat(verdict.wrong()).as("given up on, though handled or with attempts left").isEmpty();
		assertThat(verdict.unexplained()).as("handled twice, and no fault was near").isEmpty();
		assertThat(verdict.early()).as("tried again too early").isEmpty();
		assertThat(verdict.torn()).as("groups that were published in part").isEmpty();
		if (scenario.rules().onlyOnce()) {
			assertThat(verdict.duplicates()).as("handled twice").isZero();
		}
		switch (scenario.rules().order()) {
			case IN_EACH -> assertThat(verdict.overtakenInOne()).as("handled out of order by an instance").isEmpty();
			case IN_ALL -> assertThat(verdict.overtaken()).as("handled out of order").isEmpty();
			case NONE -> {
			}
		}
		assertThat(verdict.back()).as("time until a job was handled after a fault").isLessThan(scenario.rules().back());
	}

	static Stream<Scenario> scenarios() {
		return Scenarios.of(System.getProperty("lab.scenario", "short")).stream();
	}

	@AfterAll
	static void report() throws Exception {
		String line = "Seed %d, JDK %s, %d processors.".formatted(SEED, System.getProperty("java.version"),
				Runtime.getRuntime().availableProcessors());
		logger.info("\n" + report.text(line));
		String page = System.getProperty("lab.report");
		if (StringUtils.hasText(page)) {
			report.write(Path.of(page), line);
		}
	}

}
