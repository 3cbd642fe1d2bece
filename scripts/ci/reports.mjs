// What .ci/run asks vitest's JSON reports. Plain JavaScript, for Node >= 18.
//   node scripts/ci/reports.mjs files REPORT            the files in which something failed, a line each
//   node scripts/ci/reports.mjs count REPORT [AGAIN]    "PASSED FAILED"
//   node scripts/ci/reports.mjs tell REPORT [AGAIN]     what failed, and the first lines of why
// AGAIN is the report of a second run of those files. What passes then counts as passed, and is told as unsteady
// with what went wrong at first.
import { readFileSync } from 'node:fs'

const [verb, first, second] = process.argv.slice(2)
const results = resultsOf(first)
const again = new Map((second ? resultsOf(second) : []).map((result) => [result.id, result]))
const passed = results.filter(({ id, status }) => status === 'passed' || again.get(id)?.status === 'passed')
const failed = results.filter((result) => result.status === 'failed' && !passed.includes(result))

if (verb === 'files') {
  for (const file of new Set(results.filter(({ status }) => status === 'failed').map(({ file }) => file))) {
    console.log(file)
  }
} else if (verb === 'count') {
  console.log(passed.filter(({ isTest }) => isTest).length, failed.length)
} else if (verb === 'tell') {
  for (const result of failed) tell('FAILED', result)
  for (const result of passed) {
    if (result.status === 'failed') tell('UNSTEADY (passed when its file was run again)', result)
  }
} else {
  console.error('say what to do with a report: files, count or tell')
  process.exit(2)
}

/** What a report has of each test, and of each file; none for vitest that could not start and wrote no report. */
function resultsOf(report) {
  let files = []
  try {
    files = JSON.parse(readFileSync(report, 'utf8')).testResults
  } catch {}
  return files.flatMap(({ name: file, status, message, assertionResults }) => {
    const tests = assertionResults.map((test) => ({
      id: `${file} ${test.fullName}`,
      isTest: true,
      file,
      what: test.fullName,
      status: test.status,
      reasons: test.failureMessages,
    }))
    // A file that did not load, or whose hook failed, fails without a test that does.
    const ownFault = status === 'failed' && !tests.some((test) => test.status === 'failed')
    const what = 'the file or one of its hooks'
    return [
      ...tests,
      { id: file, isTest: false, file, what, status: ownFault ? 'failed' : 'passed', reasons: [message] },
    ]
  })
}

/** A log that is cut to its end should still tell why. */
function tell(word, { file, what, reasons }) {
  console.log(`${word} ${file}: ${what}`)
  for (const why of reasons) {
    const lines = why.split('\n').filter((line) => !line.includes('node_modules'))
    console.log(`  ${lines.slice(0, 8).join('\n  ')}`)
  }
}
