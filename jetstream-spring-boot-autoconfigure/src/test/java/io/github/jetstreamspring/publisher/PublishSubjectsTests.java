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

package io.github.jetstreamspring.publisher;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PublishSubjectsTests {

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t", "a b", "a\u00a0b", "a.b ", " a", "a\r\nPUB b 0", "a\u0000b", "*", ">",
			"a.*", "a.*.b", "a.>", "*.a", "a..b", ".a", "a.", "$JS.API.INFO", "$SYS.a" })
	void whatIsNoSubjectIsRefused(String subject) {
		assertThatIllegalArgumentException().isThrownBy(() -> PublishSubjects.check(subject));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "a.b", "a*", "a.b*c", "a.b>", "\u00fc.b", "a-b_c/d:e", "a.$b" })
	void whatIsOneIsNot(String subject) {
		assertThat(PublishSubjects.check(subject)).isEqualTo(subject);
	}

	@ParameterizedTest
	@ValueSource(strings = { ">", "a", "a.>", "a.*", "*.a", "*", "a.*.b.>", "*.*" })
	void filtersMayHaveWildcards(String filter) {
		assertThat(PublishSubjects.checkFilter(filter)).isEqualTo(filter);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a.>.b", ">.a", "a..*", "a b.>", "$JS.>", ".>" })
	void whatIsNoFilterIsRefused(String filter) {
		assertThatIllegalArgumentException().isThrownBy(() -> PublishSubjects.checkFilter(filter));
	}

	@ParameterizedTest
	@CsvSource({ "a, a, true", "a, b, false", "a, a.b, false", "a.b, a, false", "a.*, a.b, true", "a.*, a, false",
			"a.*, a.b.c, false", "a.>, a.b.c, true", "a.>, a, false", ">, a.b, true", "*.b, a.b, true",
			"*.b, a.c, false" })
	void aFilterMatchesItsSubjects(String filter, String subject, boolean matches) {
		assertThat(PublishSubjects.matches(filter, subject)).isEqualTo(matches);
	}

}
