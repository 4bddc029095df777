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
/**
 * Dead letters: finding, looking at, redriving and discarding what listeners have given
 * up on.
 * <p>
 * Stages of a redrive: {@code LetterScan} goes through the letters,
 * {@code RedriveTargets} looks whether their consumers are there, {@code Redrive} keeps
 * many under way at once, {@code RedriveWriter} publishes each, and only then it is
 * removed ({@code LetterPurge}). Start reading at
 * {@link io.github.jetstreamspring.deadletter.DeadLetters}, and go on with
 * {@code StreamDeadLetters}, which is one.
 */
@NullMarked
package io.github.jetstreamspring.deadletter;

import org.jspecify.annotations.NullMarked;
