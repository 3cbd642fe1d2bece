import { holdRules } from './hold-rules.ts'

holdRules(1, 100)
