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

package io.github.jetstreamspring.docs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page about tests promises.
 */
class TestingPageTests {

	@Test
	void theFirstTestOfAListenerIsShort() throws IOException {
		List<String> lines = Files
			.readAllLines(Path.of("src/test/java/io/github/jetstreamspring/docs/testing/OrderListenerTests.java"));
		List<String> shown = lines.subList(lines.indexOf("// tag::first[]") + 1, lines.indexOf("// end::first[]"));
		assertThat(shown).hasSizeLessThan(25);
	}

}
