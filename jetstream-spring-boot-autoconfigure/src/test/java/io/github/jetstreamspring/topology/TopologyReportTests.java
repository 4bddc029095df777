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

package io.github.jetstreamspring.topology;

import java.util.List;

import io.github.jetstreamspring.topology.TopologyReport.Action;
import io.github.jetstreamspring.topology.TopologyReport.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TopologyReportTests {

	private static final Row AGE = new Row("orders", null, "max-age", "7d", "14d", Action.UPDATE);

	private static final Row STORAGE = new Row("orders", null, "storage", "file", "memory", Action.IMPOSSIBLE);

	private static final Row FILTER = new Row("orders", "charging", "filter-subjects", "missing", "[orders.created]",
			Action.CREATE);

	private static final TopologyProblem PROBLEM = new TopologyProblem("jetstream.streams.orders.replicas",
			"can't be '6'", "It takes 1 to 5.");

	@Test
	void whenSomethingDiffersThenTheTableIsAligned() {
		assertThat(report(TopologyMode.UPDATE, List.of(AGE, STORAGE, FILTER), List.of()).table()).isEqualTo("""
				WHAT                         SETTING          ON THE SERVER  IN THE CONFIGURATION  TO BE DONE
				stream orders                max-age          7d             14d                   update
				stream orders                storage          file           memory                can't be changed
				consumer charging of orders  filter-subjects  missing        [orders.created]      create""");
	}

	@Test
	void whenThereAreProblemsAndNotesThenTheyFollowTheTable() {
		TopologyReport report = new TopologyReport("2.15.1", TopologyMode.UPDATE, List.of(AGE), List.of(PROBLEM),
				List.of("Stream 'orders' has more consumers"));
		assertThat(report).hasToString("""
				Streams and consumers of the configuration, beside nats-server 2.15.1

				WHAT           SETTING  ON THE SERVER  IN THE CONFIGURATION  TO BE DONE
				stream orders  max-age  7d             14d                   update

				Problems:
				- jetstream.streams.orders.replicas can't be '6'. It takes 1 to 5.

				Notes:
				- Stream 'orders' has more consumers

				The application would not start: correct the problems and what can't be changed.
				""");
		assertThat(report.isClean()).isFalse();
		assertThat(report.isDeclarable()).isFalse();
	}

	@Test
	void whenNothingDiffersThenItSaysSo() {
		TopologyReport report = report(TopologyMode.VALIDATE, List.of(), List.of());
		assertThat(report).hasToString("""
				Streams and consumers of the configuration, beside nats-server 2.15.1

				Nothing differs.

				The application would write nothing.
				""");
		assertThat(report.isClean()).isTrue();
		assertThat(report.isDeclarable()).isTrue();
	}

	@Test
	void whenAChangeIsImpossibleThenItIsNotDeclarable() {
		assertThat(report(TopologyMode.UPDATE, List.of(AGE), List.of()).isDeclarable()).isTrue();
		assertThat(report(TopologyMode.UPDATE, List.of(AGE, STORAGE), List.of()).isDeclarable()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			UPDATE,   would do this when it starts
			CREATE,   'would create what is missing when it starts, and leave the rest as it is'
			VALIDATE, would not start: jetstream.topology.mode is validate
			NONE,     would do nothing about it: jetstream.topology.mode is none
			""")
	void whenSomethingDiffersThenTheConclusionIsThatOfTheMode(TopologyMode mode, String conclusion) {
		assertThat(report(mode, List.of(AGE), List.of()).toString()).contains("\n\nThe application " + conclusion);
	}

	@ParameterizedTest
	@CsvSource({ "UPDATE", "CREATE", "VALIDATE" })
	void whenThereAreProblemsThenTheApplicationWouldNotStart(TopologyMode mode) {
		assertThat(report(mode, List.of(), List.of(PROBLEM)).toString())
			.contains("\n\nThe application would not start: ");
	}

	private static TopologyReport report(TopologyMode mode, List<Row> rows, List<TopologyProblem> problems) {
		return new TopologyReport("2.15.1", mode, rows, problems, List.of());
	}

}
