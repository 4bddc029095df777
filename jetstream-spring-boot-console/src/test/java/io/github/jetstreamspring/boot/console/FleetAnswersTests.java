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

package io.github.jetstreamspring.boot.console;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FleetAnswers}.
 */
class FleetAnswersTests {

	private static final String SUBJECT = "_JETSTREAM_SPRING.fleet.shop";

	private final FleetAnswers answers = new FleetAnswers("own", Map.of(7L, Tally.NONE));

	@BeforeEach
	void addOwn() {
		this.answers.addOwn(bytes("{\"id\":\"own\",\"name\":\"first\"}"));
	}

	@Test
	void whatEachInstanceSaysIsTakenOnce() {
		add("{\"id\":\"own\"}");
		add("{\"id\":\"other\",\"name\":\"second\",\"tallies\":[[7,3,2,1,[]],[8,1,1,1,[]]]}");
		assertThat(this.answers.isOwnHeard()).isTrue();
		assertThat(this.answers.instances()).extracting((one) -> one.get("name")).containsExactly("first", "second");
		assertThat(this.answers.others()).containsOnlyKeys(7L);
		assertThat(this.answers.others().get(7L).handled()).isEqualTo(3);
		assertThat(this.answers.problem(SUBJECT)).isNull();
	}

	@Test
	void whenTwoSpeakForOneInstanceThenThatIsSaid() {
		add("{\"id\":\"other\",\"name\":\"second\",\"status\":\"CLOSED\"}");
		assertThat(this.answers.problem(SUBJECT)).isNull();
		add("{\"id\":\"other\",\"name\":\"second\",\"status\":\"CONNECTED\"}");
		assertThat(this.answers.problem(SUBJECT)).contains("in the name of instance 'second'", SUBJECT);
		assertThat(this.answers.instances()).hasSize(2);
	}

	@Test
	void nobodySpeaksForThisInstance() {
		add("{\"id\":\"own\",\"name\":\"faked\",\"tallies\":[[7,3,2,1,[]]]}");
		add("{\"id\":\"own\"}");
		assertThat(this.answers.instances()).singleElement()
			.satisfies((one) -> assertThat(one).containsEntry("name", "first"));
		assertThat(this.answers.others().get(7L)).isEqualTo(Tally.NONE);
		assertThat(this.answers.problem(SUBJECT)).contains("in the name of instance 'first'");
	}

	@Test
	void whenThereAreTooManyThenThatIsSaid() {
		for (int i = 1; i < FleetAnswers.MOST; i++) {
			add("{\"id\":\"%d\"}".formatted(i));
		}
		assertThat(this.answers.problem(SUBJECT)).isNull();
		add("{\"id\":\"one more\"}");
		assertThat(this.answers.instances()).hasSize(FleetAnswers.MOST);
		assertThat(this.answers.problem(SUBJECT)).contains("the rest is left out");
	}

	@Test
	void whenTheyAreTooLongTogetherThenThatIsSaid() {
		String padding = "x".repeat(250_000);
		for (int i = 0; i < 40; i++) {
			add("{\"id\":\"%d\",\"padding\":\"%s\"}".formatted(i, padding));
		}
		assertThat(this.answers.instances().size()).isBetween(30, 35);
		assertThat(this.answers.problem(SUBJECT)).contains("the rest is left out");
	}

	private void add(String answer) {
		this.answers.add(bytes(answer));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
