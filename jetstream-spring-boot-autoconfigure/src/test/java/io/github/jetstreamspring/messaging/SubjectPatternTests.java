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

package io.github.jetstreamspring.messaging;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SubjectPattern}.
 */
class SubjectPatternTests {

	@ParameterizedTest
	@CsvSource({ "a.b, a.b, true", "a.b, a.c, false", "a.b, a, false", "a, a.b, false", "a.*, a.b, true",
			"a.*, a.b.c, false", "a.*, a, false", "a.>, a.b.c, true", "a.>, a, false", ">, a, true", "*.b, a.b, true",
			"a.*.c, a.b.c, true", "a.*.c, a.b.d, false", "a.b, a.bb, false", "a.bb, a.b, false", "*, a, true" })
	void whenASubjectIsGivenThenItMatchesOrNot(String pattern, String subject, boolean matches) {
		assertThat(SubjectPattern.of(pattern).matches(subject)).isEqualTo(matches);
	}

	@ParameterizedTest
	@CsvSource({ "a.b, a.b, true", "a.*, *.b, true", "a.>, a.b.c, true", "a.b, a.c, false", "a.*, a.b.c, false",
			"a.>, a, false", ">, x.y, true", "a.*.c, a.b.*, true" })
	void whenTwoPatternsAreGivenThenTheyOverlapOrNot(String one, String other, boolean overlap) {
		assertThat(SubjectPattern.of(one).overlaps(SubjectPattern.of(other))).isEqualTo(overlap);
		assertThat(SubjectPattern.of(other).overlaps(SubjectPattern.of(one))).isEqualTo(overlap);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a..b", "a.", ".a", "a b", "a.>.b", "a*.b", "a.b>" })
	void whenNoSubjectCanMatchThenThePatternIsRefused(String pattern) {
		assertThat(SubjectPattern.isValid(pattern)).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> SubjectPattern.of(pattern));
	}

}
