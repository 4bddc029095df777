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

package io.github.jetstreamspring.benchmarks;

import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Runs each benchmark once with few messages, so that it doesn't rot. The figures mean
 * nothing here.
 */
@ExtendWith(OutputCaptureExtension.class)
class BenchmarksTests {

	@Test
	void throughputComparesAllSides(CapturedOutput output) {
		run("throughput", "--cases=noop-128-bytes-c1,noop-1024-json-c4,1ms-128-bytes-c4,noop-128-bytes-confirmed-c4",
				"--messages=100");
		assertThat(output).contains("noop-128-bytes-c1: 100 messages", "listener to consume", "noop-1024-json-c4: 100",
				"1ms-128-bytes-c4: 100", "raw to ideal", "noop-128-bytes-confirmed-c4: 100", "listener to raw_flush");
	}

	@Test
	void virtualThreadsAreUsedWhereThereAreSome(CapturedOutput output) {
		run("throughput", "--cases=noop-128-bytes-virtual-c4", "--messages=100");
		assertThat(output).contains("noop-128-bytes-virtual-c4: "
				+ ((Runtime.version().feature() >= 21) ? "100 messages" : "skipped, as virtual threads need JDK 21"));
	}

	@Test
	void latencyComparesBothSides(CapturedOutput output) {
		run("latency", "--cases=noop-128-bytes-c1", "--messages=100");
		assertThat(output).contains("p99.9", "listener to raw");
	}

	@Test
	void fairnessComparesTwoInstances(CapturedOutput output) {
		run("fairness", "--cases=5ms-128-bytes-c2", "--messages=20");
		assertThat(output).contains("5ms-128-bytes-c2: 20 messages for two instances");
	}

	@Test
	void duplicatesCountsHandlerRuns(CapturedOutput output) {
		run("duplicates", "--cases=5ms-128-bytes-c2", "--messages=20");
		assertThat(output).contains("handler runs for 20 messages");
	}

	@Test
	void publishComparesTheTemplateWithBothRawSides(CapturedOutput output) {
		run("publish", "--publish-cases=sync-128-bytes,async10-128-bytes,async10-200-json", "--messages=200");
		assertThat(output).contains("sync-128-bytes: 200 messages", "async10-128-bytes: 200", "async10-200-json: 200",
				"template to raw_flush", "template to raw ");
	}

	@Test
	void startupComparesAnApplicationWithAPlainOne(CapturedOutput output) {
		run("startup", "--variants=plain,starter,raw", "--jvm=-XX:TieredStopAtLevel=1,-Xshare:auto");
		assertThat(output).contains("startup: 1 starts each", "starter beyond plain").containsPattern("  raw  .*\\d");
	}

	@Test
	void firstMessagesComparesBothSides(CapturedOutput output) {
		run("first-messages", "--messages=100");
		assertThat(output).contains("first-messages: 100 handled", "listener to raw", "first-messages: 100 published",
				"template to raw");
	}

	@Test
	void manyListenersMeasuresThemAtRestAndAtWorkAndLosesNothing(CapturedOutput output) {
		run("many-listeners", "--listeners=3", "--seconds=1", "--messages=30");
		assertThat(output).contains("3 listeners in one application", "CPU at rest", "server killed",
				"lost                 0 messages");
	}

	@Test
	void observersAreMeasuredOneByOne(CapturedOutput output) {
		run("observers", "--messages=100");
		assertThat(output).contains("observers: 100 messages", "log context", "meters and observations");
	}

	@Test
	void deadLettersAreFoundSummedUpAndRedriven(CapturedOutput output) {
		run("dead-letters", "--messages=400");
		assertThat(output).contains("400 dead letters", "page of a consumer", "summary", "redriven");
	}

	@Test
	void figuresAreReadFromTheLineTheyAreWrittenTo() {
		String line = new Figures().with("ready", 1.25).with("java-threads", 21).toString();
		Figures figures = Objects.requireNonNull(Figures.parse(line));
		assertThat(figures.get("ready")).isEqualTo(1.25);
		assertThat(figures.get("java-threads")).isEqualTo(21);
		assertThat(Figures.parse("2026-11-29 INFO Started")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "sync-128-bytes", "async1000-1024-json" })
	void aPublishCaseIsNamedAsItWasParsed(String name) {
		assertThat(PublishCase.parse(name)).hasToString(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "noop-128-bytes-c1", "1ms-1024-json-confirmed-virtual-c1000" })
	void aCaseIsNamedAsItWasParsed(String name) {
		assertThat(Case.parse(name)).hasToString(name);
	}

	@Test
	void anUnknownBenchmarkIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> BenchmarkApplication.named("speed"))
			.withMessageContaining("speed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--cases=noop", "--publish-cases=noop", "--sides=noop", "--variants=noop", "--noop" })
	void anUnknownOptionIsRefused(String argument) {
		assertThatIllegalArgumentException().isThrownBy(() -> Settings.of(new DefaultApplicationArguments(argument)))
			.withMessageMatching("(?is).*noop.*");
	}

	@Test
	void manyListenersAreMoreThanTheOneBesideThem() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Settings.of(new DefaultApplicationArguments("--listeners=1,1000")))
			.withMessageContaining("'listeners' must be 2 or more");
	}

	@ParameterizedTest
	@ValueSource(ints = { 128, 1024 })
	void aPayloadTellsItsNumberAndTime(int size) {
		for (int number : List.of(0, 7, 199_999)) {
			byte[] payload = Payload.create(number, Long.MAX_VALUE, size);
			assertThat(payload).hasSize(size);
			assertThat(Payload.number(payload)).isEqualTo(number);
			assertThat(Payload.time(payload)).isEqualTo(Long.MAX_VALUE);
		}
	}

	private static void run(String benchmark, String... options) {
		String[] arguments = new String[options.length + 3];
		arguments[0] = benchmark;
		arguments[1] = "--rounds=1";
		arguments[2] = "--warmup=0";
		System.arraycopy(options, 0, arguments, 3, options.length);
		BenchmarkApplication.main(arguments);
	}

}
